"""`liant import`: an address book into a running system, as a front-end would bring it in."""

import asyncio
import http.client
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from liant.commands.token import token
from liant.documents import document
from liant.graphql import Client
from liant.http import put_file
from liant.screen import Screen
from liant.system.folder import DataFolder
from liant.system.layout import Layout

POLL_SECONDS = 0.3
COUNTS = ("created", "updated", "unchanged", "skipped", "accounts", "interlocutors")
_SHOWN = 5
_WORKING = ("UPLOADING", "INSPECTING", "RUNNING", "REVERTING")


class ImportRefused(Exception):
    """The file or the mapping cannot be used; the message says why."""


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for: `mapping` is of `HEADING=TARGET`, in place of what is proposed."""

    file: Path
    key: str
    mapping: Sequence[str]
    only_preview: bool
    accounts: bool = True


def import_file(screen: Screen, data: Path, collaborator: str | None, wanted: Wanted) -> bool:
    """Import a file and tell what became of it; whether every entry was taken.

    Raises NoSystem, NoCollaborator, GraphQLFailed, ImportRefused.
    """
    if not wanted.file.is_file():
        raise ImportRefused(f"{wanted.file} is no file.")
    client = Client(Layout.load(DataFolder(data)).graphql, token(data, collaborator, 86_400))
    return asyncio.run(_Import(screen, client, wanted).run())


class _Import:
    def __init__(self, screen: Screen, client: Client, wanted: Wanted) -> None:
        self._screen = screen
        self._client = client
        self._wanted = wanted

    async def run(self) -> bool:
        with self._screen.out.status("sending the file") as status:
            id = await self._send()
            status.update("looking at it")
            found = await self._settled(id)
        if found["state"] == "FAILED":
            raise ImportRefused(found["failure"])
        mapping = chosen(found["columns"], self._wanted.mapping)
        await self._preview(id, found, mapping)
        if self._wanted.only_preview:
            return True
        input = {"id": id, "key": self._wanted.key, "mapping": mapping, "companies": self._wanted.accounts}
        await self._client.mutate(document("run_import"), {"input": input})
        return await self._tell(id, await self._written(id, found["total"]))

    async def _send(self) -> str:
        input = {"fileName": self._wanted.file.name}
        started = await self._client.mutate(document("start_import"), {"input": input})
        try:
            answer = await put_file(started["uploadUrl"], self._wanted.file)
        except (OSError, http.client.HTTPException) as error:
            raise ImportRefused(f"The file could not be sent: {error}") from error
        if answer.status != 200:
            raise ImportRefused(_told(answer.body))
        return str(started["import"]["id"])

    async def _found(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self._client.query(document("contact_import"), {"id": id}))["contactImport"]
        return found

    async def _settled(self, id: str, seen: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
        while (found := await self._found(id))["state"] in _WORKING:
            seen(found["position"])
            await asyncio.sleep(POLL_SECONDS)
        return found

    async def _written(self, id: str, total: int) -> dict[str, Any]:
        columns = (TextColumn("importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._screen.out, transient=True) as progress:
            task = progress.add_task("", total=total)
            return await self._settled(id, lambda position: progress.update(task, completed=position))

    async def _preview(self, id: str, found: dict[str, Any], mapping: object) -> None:
        asked = {"id": id, "mapping": mapping, "companies": self._wanted.accounts}
        shown = await self._client.query(document("import_preview"), asked)
        self._screen.out.print(described(found))
        if mapping or found["columns"]:
            self._screen.out.print(columns_table(found["columns"], mapping))
        self._screen.out.print(people_table(shown["contactImport"]["preview"][:_SHOWN]))

    async def _tell(self, id: str, done: dict[str, Any]) -> bool:
        if done["state"] != "DONE":
            raise ImportRefused(done["failure"] or f"The import is {done['state']}.")
        counts = ", ".join(f"{done[name]} {name}" for name in COUNTS)
        self._screen.out.print(Text(f"{counts}. {done['problemCount']} problems. {id}", style="bold"))
        if done["problemCount"]:
            listed = await self._client.query(document("import_problems"), {"id": id})
            for edge in listed["contactImport"]["problems"]["edges"]:
                self._screen.out.print(Text(problem_line(edge["node"])))
        return bool(done["skipped"] == 0)


def chosen(columns: Sequence[dict[str, Any]], told: Sequence[str]) -> list[dict[str, Any]] | None:
    """The mapping to run: the proposal, changed as told; None where it is the proposal. Raises ImportRefused."""
    if not told:
        return None
    mapping = {column["heading"]: {name: column[name] for name in ("position", "target", "kind")} for column in columns}
    for change in told:
        heading, _, target = change.rpartition("=")
        if heading not in mapping:
            raise ImportRefused(f"The file has no column {heading!r}; it has: {', '.join(mapping)}.")
        mapping[heading]["target"] = target.upper()
    return list(mapping.values())


def described(found: dict[str, Any]) -> Text:
    """What the file was found to be."""
    delimiter = f", cells separated by {found['delimiter']!r}" if found["delimiter"] else ""
    return Text(f"{found['source']}: {found['total']} entries, {found['encoding']}{delimiter}", style="bold")


def columns_table(columns: Sequence[dict[str, Any]], mapping: object) -> Table:
    """What each column becomes."""
    changed = {each["position"]: each["target"] for each in mapping} if isinstance(mapping, list) else {}
    table = Table("column", "becomes", box=None)
    for column in columns:
        target = changed.get(column["position"], column["target"])
        if target != "IGNORE":
            use = f" ({column['kind'].lower()})" if target in ("EMAIL", "PHONE") and column["kind"] != "OTHER" else ""
            table.add_row(Text(column["heading"]), f"{target.lower()}{use}")
    return table


def people_table(people: Sequence[dict[str, Any]]) -> Table:
    """The first entries."""
    table = Table("line", "name", "company", "e-mail", "telephone", "problems", box=None)
    for each in people:
        cells = (each["name"] or "–", each["company"] or "", ", ".join(each["emails"]), ", ".join(each["phones"]))
        told = "; ".join(problem["message"] for problem in each["problems"])
        table.add_row(str(each["line"]), *map(Text, cells), Text(told, style="yellow"))
    return table


def problem_line(problem: dict[str, Any]) -> str:
    """One problem in one line."""
    about = ": ".join(filter(None, (problem["field"], problem["excerpt"])))
    return f"line {problem['line']}: {problem['message']}{f' ({about})' if about else ''}"


def _told(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return "The contacts service did not take the file."
