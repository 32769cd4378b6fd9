"""What is measured: the notifier's database and broker, its worker as a process, the sink as another; deals beside."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from chassis import migrations
from chassis.bus import Bus
from chassis.identifiers import new_id
from liant.ports import reserve
from services.notifier.service import SERVICE
from tests.notifier.house import House, a_house, an_event, urls
from tests.notifier.workers import Works, fresh_streams
from tests.support.control import until
from tests.support.nats import run_nats
from tests.support.postgres import Postgres, run_postgres

PEOPLE = ("Paul", "Claire", "Omar")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Taken:
    """One mail at the sink."""

    at: float
    recipient: str
    message_id: str


@dataclass(frozen=True)
class SinkProcess:
    """The sink, and what it took."""

    port: int
    file: Path
    pid: int

    @property
    def first_mail(self) -> bytes:
        """The bytes of the first mail that came."""
        return Path(f"{self.file}.eml").read_bytes()

    async def reaches(self, count: int) -> None:
        """Wait until it took so many mails."""

        async def enough() -> bool:
            return len(self.taken()) >= count

        await until(enough, seconds=600, what=f"{count} mails")

    def taken(self) -> list[Taken]:
        """Every mail so far."""
        lines = [line.split(" ") for line in self.file.read_text().splitlines()]
        return [Taken(float(line[0]), line[1], line[2]) for line in lines if len(line) == 3]


@asynccontextmanager
async def a_sink(folder: Path, delay_ms: float, kind: str = "") -> AsyncIterator[SinkProcess]:
    """A sink that waits so long before it says 250: the quick one, or "aiosmtpd"."""
    port, file = reserve(), folder / f"sink-{new_id().hex[-6:]}.txt"
    command = ("-m", "bench.notifier.sink", str(port), str(delay_ms), str(file), kind)
    process = await asyncio.create_subprocess_exec(sys.executable, *command)
    try:
        await _listening(port)
        yield SinkProcess(port, file, process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _listening(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return writer.close()
    raise RuntimeError(f"nothing listens on {port}")


@asynccontextmanager
async def a_system(folder: Path, sink: SinkProcess, connections: int) -> AsyncIterator[tuple[Works, Postgres]]:
    """Database, broker and settings of one notifier, with an organization in it. The disk is waited for."""
    async with (
        run_postgres(durable=True) as postgres,
        run_nats(folder / "nats") as nats,
        postgres.database("bench_template") as template,
    ):
        told = urls(postgres, template)
        await migrations.upgrade(
            SERVICE.migrations, told["database_owner_url"], told["database_url"], told["database_system_url"]
        )
        async with a_house(postgres, template, folder, sink.port) as house:
            more = {"smtp_connections": connections, "nats_url": nats.url}
            house.settings = house.settings.model_copy(update=more)
            for of in ("ORGANIZATION", "DOMAIN"):
                os.environ[f"LIANT_NOTIFIER_INTERNAL_{of}_RATE"] = "100000"  # the paces are not what is measured
            await house.found()
            bus = await Bus.connect(house.settings, "bench")
            await fresh_streams(bus, house)
            try:
                yield Works(house, bus, nats.url), postgres
            finally:
                await bus.close()


async def people(house: House) -> tuple[UUID, list[UUID]]:
    """An author, and those who are told."""
    return await house.collaborator("Anne"), [await house.collaborator(name) for name in PEOPLE]


async def backlog(house: House, events: int) -> None:
    """So many events that wait to be told to PEOPLE, by SQL."""
    author, told = await people(house)
    content = an_event(author, *told, description="Rappeler avant vendredi.\n" * 5).SerializeToString()
    async with house.owner.connect() as raw:
        connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(
            "INSERT INTO cause (organization_id, kind, id, revision, content, at, open) "
            "SELECT $1, 'event', gen_random_uuid(), 0, $2, now(), true FROM generate_series(1, $3::int)",
            *(house.organization, content, events),
            timeout=600,
        )
        await driver.execute(
            "INSERT INTO delivery (id, organization_id, cause_kind, cause_id, revision, collaborator_id, queue,"
            " channel, reasons, status, priority, attempts, next_attempt_at, created_at, changed_at) "
            "SELECT gen_random_uuid(), organization_id, kind, cause.id, 0, who, 'INTERNAL', 'email', '{NAMED}',"
            " 'QUEUED', 2, 0, now(), now(), now() FROM cause, unnest($1::uuid[]) AS who",
            told,
            timeout=600,
        )
        await driver.execute("ANALYZE", timeout=600)


def cpu_seconds(pid: int) -> float:
    """What a process used until now, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def cpu_by_program() -> dict[str, float]:
    """What everything that this process began used until now, itself as `bench`, by program; the ended included."""
    stats = {int(each.name): _stat(each) for each in Path("/proc").iterdir() if each.name.isdigit()}
    mine, spent = {os.getpid()}, dict[str, float]()
    while more := {pid for pid, (_, parent, _) in stats.items() if parent in mine} - mine:
        mine |= more
    for pid in mine & stats.keys():
        program, _, ticks = stats[pid]
        name = "bench" if pid == os.getpid() else program
        spent[name] = spent.get(name, 0.0) + ticks / _TICKS
    return spent


def _stat(process: Path) -> tuple[str, int, int]:
    """Program, parent and ticks (those of its ended children too) of a process; nothing where it has gone."""
    try:
        command = (process / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", 0, 0
    found = re.search(r"-m (?:services|bench\.notifier)\.(\w+)|(nats)-server|(postgres)", command)
    return (
        next(filter(None, found.groups()), "other") if found else "other",
        int(fields[1]),
        sum(map(int, fields[11:15])),
    )


def rss_mb(pid: int) -> float:
    """Memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def stop(process: asyncio.subprocess.Process) -> None:
    """End a worker in order."""
    process.send_signal(signal.SIGTERM)
    await process.wait()
