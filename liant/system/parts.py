"""The parts of a system, in the waves in which they start."""

import sys
from collections.abc import Mapping

from liant.http import is_ok
from liant.process import Launch
from liant.supervisor.part import Job, Part
from liant.system import environment
from liant.system.layout import KINDS, SERVICES, Layout
from liant.system.people import ADMIN, LOCALE, ORGANIZATION, TIME_ZONE


def servers(layout: Layout) -> list[Part]:
    """What the services stand on."""
    return [
        Part("postgres", layout.postgres.launch(), layout.postgres.answers),
        Part("nats", layout.nats.launch(), layout.nats.answers),
        Part("mailbox", layout.mailbox.launch(), layout.mailbox.answers),
    ]


def preparation(layout: Layout) -> Job:
    """Migrates every service, and makes the first organization with its administrator unless they are there."""
    names = ("--organization", ORGANIZATION, "--locale", LOCALE, "--time-zone", TIME_ZONE)
    admin = ("--admin-name", ADMIN.name, "--admin-email", ADMIN.email)
    settings = {name: value for service in SERVICES for name, value in environment.of_job(layout, service).items()}
    return Job("preparation", _module(settings, "liant.system.preparation", *names, *admin))


def services(layout: Layout) -> list[Part]:
    """Web and worker of each service, and the gateway."""
    parts = [_service(layout, name, kind) for name in SERVICES for kind in KINDS]
    return [*parts, _part("gateway", layout, _module(environment.of_gateway(layout), "gateway"))]


def bootstrap(layout: Layout, *arguments: str) -> Job:
    """Make another organization with its administrator, unless they are there."""
    settings = environment.of_job(layout, "contacts")
    return Job("bootstrap", _module(settings, "services.contacts", "bootstrap", *arguments))


def plan(layout: Layout, *arguments: str) -> Job:
    """Look at an organization's plan, or change it in an operator's name."""
    return Job("plan", _module(environment.of_service(layout, "contacts"), "services.contacts", "plan", *arguments))


def rebuild(layout: Layout, service: str) -> Job:
    """Replay the streams into a service's copies of what the others own."""
    return Job(f"{service}-rebuild", _module(environment.of_rebuild(layout, service), f"services.{service}", "rebuild"))


def _service(layout: Layout, name: str, kind: str) -> Part:
    settings = environment.of_service(layout, name, kind)
    return _part(f"{name}-{kind}", layout, _module(settings, f"services.{name}", kind))


def _part(name: str, layout: Layout, launch: Launch) -> Part:
    return Part(name, launch, lambda: is_ok(f"{layout.url(name)}/readyz"))


def _module(settings: Mapping[str, str], *arguments: str) -> Launch:
    # -P: a folder named `services` where the command was typed must not be taken for ours.
    return Launch((sys.executable, "-P", "-m", *arguments), env=settings)
