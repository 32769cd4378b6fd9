"""The contacts service, composed."""

from pathlib import Path

from chassis.service import Service
from services.contacts.model import Base
from services.contacts.schema import schema
from services.contacts.settings import ContactsSettings, cipher

SERVICE = Service(
    settings=ContactsSettings,
    base=Base,
    migrations=Path(__file__).parent / "migrations",
    schema=schema,
    tools=cipher,
)
