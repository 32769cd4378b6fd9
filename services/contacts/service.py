"""The contacts service, composed."""

from pathlib import Path
from typing import TYPE_CHECKING

from chassis.service import Service
from services.contacts.model import Base
from services.contacts.settings import ContactsSettings, cipher

if TYPE_CHECKING:
    import strawberry


def _schema() -> "strawberry.federation.Schema":
    from services.contacts.schema import schema  # strawberry: only `web` needs it

    return schema()


SERVICE = Service(
    settings=ContactsSettings,
    base=Base,
    migrations=Path(__file__).parent / "migrations",
    schema=_schema,
    tools=cipher,
)
