"""Who follows a deal: put on it by hand, as a member of a team that follows, or by a rule of their own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from services.deals.model import (
    Account,
    Collaborator,
    Contact,
    Deal,
    Follower,
    FollowerTeam,
    FollowRule,
    Team,
    TeamMember,
    Unfollowed,
)
from services.deals.values.following import Because, FollowKind


def following(deals: Sequence[UUID]) -> Any:
    """`deal_id, collaborator_id, because`: by hand first, then by team, then by rule; one may be there for several."""
    by_hand = select(Follower.deal_id, Follower.collaborator_id, _why(Because.BY_HAND, 0), Follower.since)
    wanted = (by_hand, _members(), _by_rules())
    told = union_all(*(one.where(one.selected_columns[0].in_(deals)) for one in wanted)).subquery()
    return select(told.c.deal_id, told.c.collaborator_id, told.c.because).order_by(
        func.left(told.c.because, 1), told.c.since, told.c.collaborator_id
    )


def ids_by_team() -> Any:
    """The members of the teams that follow a deal, as an array that correlates with it."""
    return _gathered(_members())


def ids_by_rule() -> Any:
    """The collaborators whose rules a deal fulfils, as an array that correlates with it."""
    return _gathered(_by_rules())


def _gathered(rows: Select[*tuple[Any, ...]]) -> Any:
    told = rows.subquery()
    gathered = select(func.array_agg(told.c.collaborator_id.distinct()))
    return gathered.where(told.c.deal_id == Deal.id).correlate(Deal).scalar_subquery()


def _why(because: Because, rank: int) -> ColumnElement[str]:
    return literal(f"{rank}{because.value}").label("because")


def _members() -> Select[*tuple[Any, ...]]:
    """The members, as they are now, of the teams that follow."""
    return (
        select(FollowerTeam.deal_id, TeamMember.collaborator_id, _why(Because.TEAM, 1), FollowerTeam.since)
        .join(TeamMember, TeamMember.team_id == FollowerTeam.team_id)
        .join(Team, and_(Team.id == FollowerTeam.team_id, Team.deleted.is_(False)))
        .where(_is_wanted(FollowerTeam.deal_id, TeamMember.collaborator_id))
    )


def _by_rules() -> Select[*tuple[Any, ...]]:
    deal = aliased(Deal)
    return (
        select(deal.id.label("deal_id"), FollowRule.collaborator_id, _why(Because.RULE, 2), FollowRule.created_at)
        .join(FollowRule, FollowRule.organization_id == deal.organization_id)
        .join(Collaborator, and_(Collaborator.id == FollowRule.collaborator_id, Collaborator.disabled.is_(False)))
        .where(or_(_of_my_accounts(deal), _of_my_teams(deal), _above(deal)))
        .where(_is_wanted(deal.id, FollowRule.collaborator_id))
    )


def _of_my_accounts(deal: Any) -> ColumnElement[bool]:
    # Their managers looked up by key: asked whether there is such an account, PostgreSQL puts together all there are.
    account = select(Account.relationship_manager_id).where(Account.id == deal.account_id).scalar_subquery()
    contact = select(Contact.relationship_manager_id).where(Contact.id == deal.primary_contact_id).scalar_subquery()
    mine = or_(FollowRule.collaborator_id == account, FollowRule.collaborator_id == contact)
    return and_(FollowRule.kind == FollowKind.MY_ACCOUNTS.value, mine)


def _of_my_teams(deal: Any) -> ColumnElement[bool]:
    me, owner = aliased(TeamMember), aliased(TeamMember)
    together = exists().where(
        me.collaborator_id == FollowRule.collaborator_id,
        owner.team_id == me.team_id,
        owner.collaborator_id == deal.owner_id,
        Team.id == me.team_id,
        Team.deleted.is_(False),
    )
    return and_(FollowRule.kind == FollowKind.MY_TEAMS.value, together)


def _above(deal: Any) -> ColumnElement[bool]:
    enough = and_(deal.currency == FollowRule.currency, deal.amount >= FollowRule.amount)
    return and_(FollowRule.kind == FollowKind.ABOVE_AMOUNT.value, enough)


def _is_wanted(deal: Any, collaborator: Any) -> ColumnElement[bool]:
    return ~exists().where(Unfollowed.deal_id == deal, Unfollowed.collaborator_id == collaborator)


def rules_of(collaborator: UUID) -> Select[*tuple[Any, ...]]:
    """What a collaborator wants to follow."""
    return select(FollowRule.__table__).where(FollowRule.collaborator_id == collaborator).order_by(FollowRule.id)
