"""Imports as a front-end makes them, with the worker's turns taken by the test."""

import asyncio
from dataclasses import dataclass
from typing import Any

from chassis.auth import Role
from services.contacts.importing.worker import ImportWorker
from tests.contacts.house import Office

SHOWN = (
    "id version state total position created updated unchanged skipped problemCount reverted kept failure source "
    "encoding delimiter format key columns { position heading target kind }"
)


@dataclass(frozen=True)
class Desk:
    """An office that imports."""

    office: Office

    @property
    def worker(self) -> ImportWorker:
        """A worker of the service."""
        running = self.office.house.running
        return ImportWorker(running.database, running.system)

    async def start(self, content: bytes, name: str = "carnet.csv", role: Role = Role.COLLABORATOR) -> str:
        """An import's id, its file sent."""
        made = await self.mutate(
            "startImport", {"fileName": name}, "... on ImportStart { import { id } uploadUrl maxBytes }", role
        )
        answer = await self.office.house.client.put(made["uploadUrl"], content=content)
        assert answer.status_code == 200, answer.text
        return str(made["import"]["id"])

    async def ready(self, content: bytes | str, name: str = "carnet.csv") -> str:
        """An import's id, its file looked at."""
        id = await self.start(content.encode() if isinstance(content, str) else content, name)
        await self.work()
        return id

    async def done(self, content: bytes | str, key: str = "NONE", mapping: Any = None) -> dict[str, Any]:
        """A whole import, as it is afterwards."""
        id = await self.ready(content)
        started = await self.act("runImport", id=id, key=key, mapping=mapping)
        assert started.get("state") == "RUNNING", started
        await self.work()
        return await self.shown(id)

    async def work(self) -> None:
        """Every import that waits."""
        while await self.worker.work_one(asyncio.Event()):
            pass

    async def act(self, mutation: str, role: Role = Role.COLLABORATOR, **input: Any) -> dict[str, Any]:
        """A mutation on an import, and the import."""
        done: dict[str, Any] = await self.mutate(mutation, input, f"... on ContactImport {{ {SHOWN} }}", role)
        return done

    async def mutate(self, name: str, input: dict[str, Any], show: str, role: Role = Role.COLLABORATOR) -> Any:
        """A mutation's result."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"""mutation($input: {kind}!) {{ result: {name}(input: $input) {{
            __typename {show} ... on Error {{ code message path }} }} }}"""
        return (await self.office.data(query, role, input=input))["result"]

    async def shown(self, id: str, more: str = "") -> dict[str, Any]:
        """An import."""
        query = f"query($id: ID!) {{ found: contactImport(id: $id) {{ {SHOWN} {more} }} }}"
        found: dict[str, Any] = (await self.office.data(query, id=id))["found"]
        return found

    async def people(self) -> list[dict[str, Any]]:
        """Every contact, in the order of its making."""
        query = """{ contacts(first: 200) { edges { node { id version givenName familyName language notes
            emails { address kind } phones { number kind } } } } }"""
        return [edge["node"] for edge in (await self.office.data(query))["contacts"]["edges"]]

    async def download(self, mutation: str, role: Role = Role.COLLABORATOR, **input: Any) -> str:
        """A file's text."""
        made = await self.mutate(mutation, input, "... on Download { url }", role)
        answer = await self.office.house.client.get(made["url"])
        assert answer.status_code == 200, answer.text
        return answer.content.decode("utf-8-sig")
