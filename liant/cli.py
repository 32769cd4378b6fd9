"""`liant`: the one place that knows every part."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from liant.commands import dead as dead_letters
from liant.commands.demo import demo as run_demo
from liant.commands.doctor import Asked, Health, access_to
from liant.commands.doctor import doctor as examine
from liant.commands.import_file import ImportRefused, Wanted, import_file
from liant.commands.keys import keys as make_keys
from liant.commands.plan import plan as run_plan
from liant.commands.rebuild import rebuild as run_rebuild
from liant.commands.token import NoCollaborator
from liant.commands.token import token as make_token
from liant.commands.up import up as run_up
from liant.embedded.errors import EmbeddedError
from liant.graphql import GraphQLFailed
from liant.ports import NoFreePort, PortTaken
from liant.screen import Screen
from liant.supervisor.part import SupervisorError
from liant.system.access import Access, SettingsMissing
from liant.system.dead_letters import BrokerAway, NoDeadLetter, SenderUnknown
from liant.system.folder import FolderError, NoSystem
from liant.system.people import ORGANIZATION

EXPECTED = (
    BrokerAway,
    EmbeddedError,
    FolderError,
    GraphQLFailed,
    ImportRefused,
    NoCollaborator,
    NoDeadLetter,
    NoFreePort,
    PortTaken,
    SenderUnknown,
    SettingsMissing,
    SupervisorError,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Liant: contacts, deals and a notifier, in one go.")
dead = typer.Typer(no_args_is_help=True, help="Messages that a service gave up on.")
app.add_typer(dead, name="dead")

Data = Annotated[Path, typer.Option("--data", help="The system's data folder.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Throw away what the data folder holds.")]
ReadyFile = Annotated[Path | None, typer.Option(help="Write addresses, tokens and pids here once everything answers.")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="The gateway's port; 4000 if free, unless given.")]

Deployed = Annotated[
    bool, typer.Option("--deployed", help="A deployed system: servers and passwords from its parts' settings.")
]

DEFAULT_DATA = Path(".liant")


class Copying(StrEnum):
    """The services that keep copies."""

    DEALS = "deals"
    NOTIFIER = "notifier"


@app.command()
def up(data: Data = DEFAULT_DATA, fresh: Fresh = False, ready_file: ReadyFile = None, port: Port = None) -> None:
    """Run the whole system on embedded servers, until Ctrl-C."""
    run_up(Screen(), data, fresh=fresh, ready_file=ready_file, port=port)


@app.command()
def keys(folder: Annotated[Path, typer.Argument(help="Where the parts will find them.")]) -> None:
    """Make the keys that a deployment's parts share; those that are there stay."""
    make_keys(folder)


@app.command()
def demo(
    data: Annotated[Path | None, typer.Option(help="Keep the data here; it is emptied first.")] = None,
    leave: Annotated[bool, typer.Option("--exit", help="End by itself; status 0 if every e-mail came, once.")] = False,
    port: Port = None,
) -> None:
    """Start a fresh system, tell a small story, and show the e-mails it causes."""
    if not run_demo(Screen(), data, leave=leave, port=port) and leave:
        raise typer.Exit(1)


@app.command()
def token(
    collaborator: Annotated[str | None, typer.Argument(help="E-mail address; the administrator's by default.")] = None,
    data: Data = DEFAULT_DATA,
    lifetime: Annotated[float, typer.Option(min=1, help="Seconds.")] = 86_400,
) -> None:
    """Print a development token for a collaborator."""
    typer.echo(make_token(data, collaborator, lifetime))


class Key(StrEnum):
    """By what an entry is recognized as a contact that is there already."""

    EMAIL = "email"
    PHONE = "phone"
    EXTERNAL_ID = "external_id"
    NONE = "none"


@app.command("import")
def import_contacts(
    file: Annotated[Path, typer.Argument(help="A vCard file (.vcf) or a CSV, of any program.")],
    data: Data = DEFAULT_DATA,
    key: Annotated[Key, typer.Option(help="By what an entry is recognized as a contact that is there.")] = Key.EMAIL,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="HEADING=TARGET, as often as needed.")] = None,
    accounts: Annotated[
        bool, typer.Option(help="Whether companies become accounts; otherwise they are kept in the notes.")
    ] = True,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what it would give.")] = False,
    collaborator: Annotated[str | None, typer.Option("--as", help="Whose import it is; the administrator's.")] = None,
) -> None:
    """Bring an address book into a running system; status 1 where an entry was left out."""
    wanted = Wanted(file, key.value.upper(), mapping or [], preview, accounts)
    if not import_file(Screen(), data, collaborator, wanted):
        raise typer.Exit(1)


@app.command()
def doctor(
    data: Data = DEFAULT_DATA,
    deployed: Deployed = False,
    part: Annotated[
        list[str] | None,
        typer.Option(help="NAME=URL of a deployed part that should be ready; as often as needed."),
    ] = None,
    send_test_mail: Annotated[str | None, typer.Option(help="Address to mail a test to, by the way of all.")] = None,
    reconcile: Annotated[bool, typer.Option(help="Publish again what an outbox sent and its stream lost.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list instead of a table.")] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to wait for a probe or a mail.")] = 15.0,
) -> None:
    """Look at every part, and send messages from each service to each other.

    Status 0 where all is well, 1 where something is wrong, 3 where it could not look.
    """
    asked = Asked(send_test_mail, reconcile, as_json, seconds)
    try:
        access = access_to(data, (part or []) if deployed or part else None)
    except (NoSystem, SettingsMissing) as error:
        Screen().fail(str(error))
        raise typer.Exit(Health.NOT_LOOKED) from None
    raise typer.Exit(examine(Screen(), access, asked))


@app.command()
def rebuild(
    services: Annotated[list[Copying] | None, typer.Argument(help="Which; all of them by default.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make a service's copies of what the others own again, from the streams of a running system."""
    run_rebuild(Screen(), data, [service.value for service in services or Copying])


class PlanAct(StrEnum):
    """What an operator does with a plan."""

    SHOW = "show"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    EXTEND = "extend"
    CRM = "crm"
    PRO = "pro"
    TELL = "tell"


@app.command()
def plan(
    act: Annotated[PlanAct, typer.Argument(help="What to do; `tell` tells the other services again.")] = PlanAct.SHOW,
    organization: Annotated[str, typer.Option(help="Its name or its id.")] = ORGANIZATION,
    operator: Annotated[str | None, typer.Option(help="Who you are; kept in the history.")] = None,
    note: Annotated[str | None, typer.Option(help="Why: an invoice, a request.")] = None,
    days: Annotated[int, typer.Option(min=1, help="Of `extend`.")] = 15,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show or change an organization's plan, in an operator's name."""
    named = {"--organization": organization, "--operator": operator, "--note": note, "--days": str(days)}
    told = [word for name, value in named.items() if value for word in (name, value)]
    run_plan(Screen(), data, [act.value, *told])


AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
NUMBERS = "As `liant dead list` shows them."


@dead.command("list")
def list_dead(data: Data = DEFAULT_DATA, deployed: Deployed = False, as_json: AsJson = False) -> None:
    """Show every dead letter."""
    dead_letters.list_dead(Screen(), _access(data, deployed=deployed), as_json=as_json)


@dead.command("show")
def show_dead(number: int, data: Data = DEFAULT_DATA, deployed: Deployed = False, as_json: AsJson = False) -> None:
    """Show one with its headers and body."""
    dead_letters.show_dead(Screen(), _access(data, deployed=deployed), number, as_json=as_json)


@dead.command("replay")
def replay_dead(
    numbers: Annotated[list[int] | None, typer.Argument(help=NUMBERS)] = None,
    data: Data = DEFAULT_DATA,
    deployed: Deployed = False,
    as_json: AsJson = False,
) -> None:
    """Send them again, all where none is named; services that had handled one drop it."""
    dead_letters.replay_dead(Screen(), _access(data, deployed=deployed), numbers or [], as_json=as_json)


@dead.command("discard")
def discard_dead(
    numbers: Annotated[list[int], typer.Argument(help=NUMBERS)],
    data: Data = DEFAULT_DATA,
    deployed: Deployed = False,
    as_json: AsJson = False,
) -> None:
    """Take them off the dead letters: nothing is to be done about them."""
    dead_letters.discard_dead(Screen(), _access(data, deployed=deployed), numbers, as_json=as_json)


def _access(data: Path, *, deployed: bool) -> Access:
    return Access.deployed({}) if deployed else Access.embedded(data)


def main() -> None:
    """The `liant` program: an expected failure is one sentence and status 1, never a traceback."""
    try:
        app()
    except EXPECTED as error:
        Screen().fail(str(error))
        raise SystemExit(1) from None
