"""Teams: sets of collaborators, and what is told of them."""

from typing import Any

import pytest

from chassis.auth import Role
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from services.contacts import model
from services.contacts.commands import teams
from tests.contacts.house import House, Office, statements

SHOW = "name description memberCount lead { id } members { totalCount edges { node { id } } } deletedAt"


async def do(office: Office, mutation: str, role: Role = Role.ADMIN, **input: Any) -> Any:
    """The result of a mutation of teams."""
    query = f"""mutation($input: {mutation[0].upper()}{mutation[1:]}Input!) {{ result: {mutation}(input: $input) {{
        __typename ... on Team {{ id version {SHOW} }} ... on Error {{ code message path }} }} }}"""
    return (await office.data(query, role, input=input))["result"]


async def a_team(office: Office, **values: Any) -> str:
    """A team's id."""
    made = await do(office, "createTeam", **{"name": "Nord", **values})
    assert made["__typename"] == "Team", made
    return str(made["id"])


def members(team: Any) -> set[str]:
    """The ids shown."""
    return {edge["node"]["id"] for edge in team["members"]["edges"]}


async def told(office: Office, id: str) -> list[pb.Team]:
    """What the others hear of a team, oldest first."""
    outbox = model.outbox.c
    statement = model.outbox.select().where(outbox.aggregate_id == parse_id("team", id)).order_by(outbox.position)
    async with office.house.running.system.connect() as connection:
        rows = (await connection.execute(statement)).all()
    assert [row.aggregate_version for row in rows] == list(range(1, len(rows) + 1))
    return [pb.TeamChanged.FromString(row.payload).team for row in rows]


async def test_a_team_has_a_lead_who_is_one_of_it(office: Office) -> None:
    admin, ana, reader = (office.id_of(role) for role in (Role.ADMIN, Role.COLLABORATOR, Role.READER))
    made = await do(office, "createTeam", name=" Nord ", description="Lille", leadId=admin, memberIds=[ana, ana])
    assert (made["name"], made["description"], made["lead"]["id"], made["memberCount"]) == ("Nord", "Lille", admin, 2)
    assert members(made) == {admin, ana}
    refused = await do(office, "removeTeamMembers", id=made["id"], memberIds=[admin])
    assert (refused["__typename"], refused["code"], refused["path"]) == ("WrongState", "LEAD_IS_MEMBER", ["memberIds"])
    changed = await do(office, "updateTeam", id=made["id"], leadId=reader, name="Grand Nord", expectedVersion=1)
    assert (changed["name"], members(changed), changed["version"]) == ("Grand Nord", {admin, ana, reader}, 2)
    left = await do(office, "removeTeamMembers", id=made["id"], memberIds=[admin, ana])
    assert (members(left), left["description"]) == ({reader}, "Lille")
    stale = await do(office, "addTeamMembers", id=made["id"], memberIds=[ana], expectedVersion=1)
    assert stale["__typename"] == "VersionConflict"
    assert [set(team.member_ids) for team in await told(office, made["id"])] == [
        {admin, ana}, {admin, ana, reader}, {reader},
    ]  # fmt: skip
    assert (await told(office, made["id"]))[-1].lead_id == reader


async def test_a_collaborator_is_in_several_teams_and_lists_are_filtered_by_team(office: Office) -> None:
    ana, admin = office.id_of(Role.COLLABORATOR), office.id_of(Role.ADMIN)
    south = await a_team(office, name="Sud", memberIds=[ana])
    north = await a_team(office, name="Nord", memberIds=[ana, admin])
    query = """query($ana: ID!, $south: ID!) {
        collaborator(id: $ana) { teams { id } }
        led: teams(filter: {leadId: {isNull: true}, memberId: {eq: $ana}}, orderBy: [{field: NAME}]) {
          totalCount edges { node { id } } }
        empty: teams(filter: {memberId: {isNull: true}}) { totalCount }
        inSouth: collaborators(filter: {teamId: {in: [$south]}}) { edges { node { id } } }
        inNone: collaborators(filter: {teamId: {isNull: true}}) { edges { node { id } } } }"""
    found = await office.data(query, Role.READER, ana=ana, south=south)
    assert [team["id"] for team in found["collaborator"]["teams"]] == [north, south]
    assert [edge["node"]["id"] for edge in found["led"]["edges"]] == [north, south]
    assert found["empty"]["totalCount"] == 0
    assert [edge["node"]["id"] for edge in found["inSouth"]["edges"]] == [ana]
    assert [edge["node"]["id"] for edge in found["inNone"]["edges"]] == [office.id_of(Role.READER)]


async def test_a_name_is_one_teams_until_it_is_deleted(office: Office) -> None:
    first = await a_team(office, name="Nord")
    taken = await do(office, "createTeam", name="NORD")
    assert (taken["__typename"], taken["code"], taken["path"]) == ("AlreadyExists", "TEAM_NAME_TAKEN", ["name"])
    assert (await do(office, "deleteTeam", id=first))["deletedAt"] is not None
    second = await a_team(office, name="Nord")
    assert (await do(office, "restoreTeam", id=first))["code"] == "TEAM_NAME_TAKEN"
    await do(office, "updateTeam", id=second, name="Sud")
    assert (await do(office, "restoreTeam", id=first))["deletedAt"] is None
    assert [team.deleted for team in await told(office, first)] == [False, True, False]


async def test_a_deleted_team_is_nobodys_and_does_not_change(office: Office) -> None:
    ana = office.id_of(Role.COLLABORATOR)
    team = await a_team(office, memberIds=[ana])
    await do(office, "deleteTeam", id=team)
    assert (await do(office, "addTeamMembers", id=team, memberIds=[ana]))["__typename"] == "WrongState"
    query = """query($ana: ID!, $team: ID!) { collaborator(id: $ana) { teams { id } } team(id: $team) { memberCount }
        teams { totalCount } gone: teams(filter: {deleted: true}) { totalCount }
        collaborators(filter: {teamId: {eq: $team}}) { totalCount } }"""
    assert await office.data(query, ana=ana, team=team) == {
        "collaborator": {"teams": []},
        "team": {"memberCount": 1},
        "teams": {"totalCount": 0},
        "gone": {"totalCount": 1},
        "collaborators": {"totalCount": 0},
    }


@pytest.mark.parametrize(("values", "kind", "path"), [
    ({"name": " "}, "InvalidInput", ["name"]),
    ({"name": "a\u202eb"}, "InvalidInput", ["name"]),
    ({"leadId": "team_01h455vb4pex5vsknk084sn02q"}, "InvalidId", ["leadId"]),
    ({"leadId": format_id("collaborator", new_id())}, "NotFound", ["leadId"]),
    ({"memberIds": [format_id("collaborator", new_id())]}, "NotFound", ["memberIds"]),
    ({"memberIds": ["x"]}, "InvalidId", ["memberIds.0"]),
    ({"memberIds": [format_id("collaborator", new_id())] * 201}, "InvalidInput", ["memberIds"]),
])  # fmt: skip
async def test_bad_values_are_refused(office: Office, values: dict[str, Any], kind: str, path: list[str]) -> None:
    refused = await do(office, "createTeam", **{"name": "Nord", **values})
    assert (refused["__typename"], refused["path"]) == (kind, path)


async def test_who_is_disabled_joins_no_team_and_stays_in_theirs(office: Office) -> None:
    ana = office.id_of(Role.COLLABORATOR)
    north, south = await a_team(office, memberIds=[ana]), await a_team(office, name="Sud")
    await office.do("updateCollaborator", {"id": ana, "disabled": True}, Role.ADMIN)
    refused = await do(office, "addTeamMembers", id=south, memberIds=[ana])
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["memberIds"])
    assert members(await do(office, "updateTeam", id=north, description="Lille")) == {ana}


async def test_a_team_has_a_greatest_size(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "MAX_MEMBERS", 1)
    team = await a_team(office, memberIds=[office.id_of(Role.ADMIN)])
    refused = await do(office, "addTeamMembers", id=team, memberIds=[office.id_of(Role.READER)])
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["memberIds"])
    assert len(await told(office, team)) == 1


async def test_another_organizations_people_and_teams_are_not_there(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    team = await a_team(office)
    for refused in (
        await do(other, "updateTeam", id=team, name="Mien"),
        await do(other, "createTeam", name="Nord", memberIds=[office.id_of(Role.READER)]),
    ):
        assert refused["__typename"] == "NotFound"
    assert await other.data("query($id: ID!) { team(id: $id) { id } }", id=team) == {"team": None}


async def test_teams_with_members_leads_and_counts_take_as_many_statements_as_one(office: Office) -> None:
    everybody = [office.id_of(role) for role in Role]
    query = f"{{ teams {{ edges {{ node {{ {SHOW} }} }} }} collaborators {{ edges {{ node {{ teams {{ id }} }} }} }} }}"
    counts = []
    for place in range(3):
        await a_team(office, name=f"Équipe {place}", memberIds=everybody, leadId=everybody[0])
        with statements(office.house) as seen:
            await office.data(query.replace("totalCount", ""))
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
