"""How to reach the servers of a system: an embedded one by its folder, a deployed one by the settings of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from pydantic import ValidationError

from chassis.config import BrokerSettings, ServiceSettings
from chassis.service import Service
from liant.system import environment
from liant.system.folder import DataFolder, NoSystem
from liant.system.layout import KINDS, SERVICES, Layout
from services.notifier.mailer import Relay
from services.notifier.settings import NotifierSettings
from services.notifier.worker import relay_of


class SettingsMissing(Exception):
    """The environment does not say how to reach a part."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("The settings of the deployed parts are needed:\n" + "\n".join(faults))


class MigrateSettings(BrokerSettings):
    """The broker's user of the migrate step, which may read and delete: `LIANT_MIGRATE_NATS_…`."""

    part: ClassVar[str] = "migrate"


@dataclass(frozen=True)
class Access:
    """The settings of each service, the broker as `migrate`, and where parts answer HTTP."""

    settings: Mapping[str, ServiceSettings]
    migrate: BrokerSettings
    parts: Mapping[str, str]

    @property
    def relay(self) -> Relay:
        """The SMTP server, as the notifier reaches it."""
        return relay_of(NotifierSettings.model_validate(self.settings["notifier"].model_dump()))

    @classmethod
    def embedded(cls, data: Path) -> Self:
        """A system of `liant up`. Raises NoSystem."""
        folder = DataFolder(data)
        if not folder.path.is_dir():
            raise NoSystem(folder.path)
        return cls.of(Layout.load(folder))

    @classmethod
    def of(cls, layout: Layout) -> Self:
        """The system of a layout."""
        names = [*(f"{service}-{kind}" for service in SERVICES for kind in KINDS), "gateway"]
        told = {name: environment.of_service(layout, name) for name in SERVICES}
        settings = {name: described(name).settings.model_validate(_bare(name, told[name])) for name in SERVICES}
        migrate = _bare("contacts", environment.of_job(layout, "contacts"))
        return cls(
            settings,
            MigrateSettings.model_validate(migrate),
            {"mailbox": layout.mailbox.url, **{name: layout.url(name) for name in names}},
        )

    @classmethod
    def deployed(cls, parts: Mapping[str, str]) -> Self:
        """By the environment, as each part has it. Raises SettingsMissing."""
        settings, faults = {}, []
        for name in SERVICES:
            try:
                settings[name] = described(name).settings.load()
            except ValidationError as error:
                faults += [f"LIANT_{name}_{fault['loc'][0]}".upper() + f": {fault['msg']}" for fault in error.errors()]
        if faults:
            raise SettingsMissing(faults)
        return cls(settings, MigrateSettings.load(), parts)


def described(name: str) -> Service:
    """A service's description."""
    from services.contacts.service import SERVICE as CONTACTS  # heavy: only what looks inside needs them
    from services.deals.service import SERVICE as DEALS
    from services.notifier.service import SERVICE as NOTIFIER

    return {"contacts": CONTACTS, "deals": DEALS, "notifier": NOTIFIER}[name]


def _bare(part: str, told: Mapping[str, str]) -> dict[str, str]:
    prefix = f"LIANT_{part}_".upper()
    return {name.removeprefix(prefix).lower(): value for name, value in told.items() if name.startswith(prefix)}
