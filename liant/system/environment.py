"""The environment of each part, as docs/decisions/0004-settings.md names the settings."""

import json
import os
from pathlib import Path

from liant.system.keys import AUDIENCE, ISSUER, LINKS_ISSUER, public
from liant.system.layout import SERVICES, Layout

SUPERGRAPH = Path(__file__).parent.parent / "supergraph.graphql"
SHUTDOWN_SECONDS = 10


def of_service(layout: Layout, service: str, part: str | None = None) -> dict[str, str]:
    """Settings of a service's `web`, `worker`, or, without a part, of what runs and ends."""
    return {
        **_shared(),
        **_prefixed(
            service,
            {
                "PORT": str(layout.ports[f"{service}-{part}"]) if part else "0",
                "DATABASE_URL": layout.database_url(service, "app"),
                "DATABASE_SYSTEM_URL": layout.database_url(service, "system"),
                **_nats(layout, service),
                "GATEWAY_JWKS_FILE": str(public(layout.keys.gateway)),
                **_own(layout, service),
            },
        ),
    }


def of_job(layout: Layout, service: str) -> dict[str, str]:
    """Settings of a service's `migrate` and other commands of its owner."""
    owner = {"DATABASE_OWNER_URL": layout.database_url(service, "owner")}
    return {**of_service(layout, service), **_prefixed(service, {**owner, **_nats(layout, "migrate")})}


def of_rebuild(layout: Layout, service: str) -> dict[str, str]:
    """Settings of a service's `rebuild`."""
    return {**of_service(layout, service), **_prefixed(service, _nats(layout, "rebuild"))}


def of_gateway(layout: Layout) -> dict[str, str]:
    """Settings of the gateway."""
    subgraphs = {f"SUBGRAPH_URL_{name.upper()}": f"{layout.url(f'{name}-web')}/graphql" for name in SERVICES}
    own = {
        "PORT": str(layout.ports["gateway"]),
        "SUPERGRAPH": str(SUPERGRAPH),
        "SUBSCRIPTIONS_FILE": str(SUPERGRAPH.with_name("subscriptions.json")),
        "ISSUERS": json.dumps([_issuer(ISSUER, layout.keys.issuer), _issuer(LINKS_ISSUER, layout.keys.links)]),
        "SIGNING_KEY_FILE": str(layout.keys.gateway),
        **_nats(layout, "gateway"),
        "CORS_ORIGINS": json.dumps([layout.page]),
    }
    return {**_shared(), **_prefixed("gateway", {**own, **subgraphs})}


def _own(layout: Layout, service: str) -> dict[str, str]:
    if service == "contacts":
        return {
            "ENCRYPTION_KEY_FILE": str(layout.keys.bank_details),
            "PUBLIC_URL": layout.url("contacts-web"),
            "FRONT_URL": layout.graphql,
            **_links(layout),
        }
    return _notifier(layout) if service == "notifier" else _deals(layout)


def _deals(layout: Layout) -> dict[str, str]:
    return {"PUBLIC_URL": layout.url("deals-web"), "QUOTE_LINKS_KEY_FILE": str(layout.keys.quote_links)}


def _issuer(name: str, key: Path) -> dict[str, str]:
    return {"name": name, "audience": AUDIENCE, "jwks_file": str(public(key))}


def _notifier(layout: Layout) -> dict[str, str]:
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(layout.mailbox.smtp_port),
        "SMTP_TLS": "none",
        "PUBLIC_URL": layout.page,
        "GATEWAY_URL": layout.graphql,
        "ACCOUNTS_URL": layout.url("contacts-web"),
        "DEALS_URL": layout.url("deals-web"),
        "QUOTE_LINKS_KEY_FILE": str(layout.keys.quote_links),
        "WEBHOOKS_KEY_FILE": str(layout.keys.webhooks),
        **_links(layout),
    }


def _links(layout: Layout) -> dict[str, str]:
    return {"LINKS_KEY_FILE": str(layout.keys.links), "LINKS_ISSUER": LINKS_ISSUER, "LINKS_AUDIENCE": AUDIENCE}


def _nats(layout: Layout, user: str) -> dict[str, str]:
    return {"NATS_URL": layout.nats.url, "NATS_USER": user, "NATS_PASSWORD": layout.nats.passwords[user]}


def _shared() -> dict[str, str]:
    return {
        "PYTHONUNBUFFERED": "1",
        "LIANT_HOST": "127.0.0.1",
        "LIANT_LOG_FORMAT": os.environ.get("LIANT_LOG_FORMAT", "console"),
        "LIANT_SHUTDOWN_SECONDS": str(SHUTDOWN_SECONDS),
    }


def _prefixed(part: str, settings: dict[str, str]) -> dict[str, str]:
    return {f"LIANT_{part.upper()}_{name}": value for name, value in settings.items()}
