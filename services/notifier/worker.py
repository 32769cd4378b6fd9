"""What a worker of the notifier runs beside relay and consumers."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import Database
from chassis.lifecycle import Loop
from chassis.links import LinkKey
from services.notifier.bounces.sweep import forget_suppressions, recover_addresses
from services.notifier.channels.email import EmailChannel
from services.notifier.channels.webhook import WebhookChannel
from services.notifier.dead_letters.keeping import sweep_dead_letters
from services.notifier.digests.worker import DigestWorker
from services.notifier.mailer import Mailer, Relay
from services.notifier.model import Link, Queue
from services.notifier.publications.rounds import RoundWorker
from services.notifier.sender import DeliverySender
from services.notifier.settings import NotifierSettings
from services.notifier.webhooks.addresses import Guarded
from services.notifier.webhooks.posting import Poster
from services.notifier.webhooks.sweeping import sweep_webhooks

_SWEEP_SECONDS = 3600.0

_log = structlog.get_logger(__name__)


def relay_of(settings: NotifierSettings) -> Relay:
    """The relay that the settings name."""
    return Relay(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        ca_file=settings.smtp_ca_file,
        timeout=settings.smtp_timeout,
    )


def worker_loops(database: Database, system: AsyncEngine, settings: NotifierSettings) -> dict[str, Loop]:
    """The sender, and the sweep of links that have expired."""

    async def send(stop: asyncio.Event) -> None:
        async with Mailer(relay_of(settings), settings.smtp_connections) as mailer:
            await DeliverySender(database, system, EmailChannel(mailer, settings), settings).run(stop)

    async def send_outside(stop: asyncio.Event) -> None:
        async with Mailer(relay_of(settings), settings.external_connections) as mailer:
            channel = EmailChannel(mailer, settings, Queue.EXTERNAL)
            await DeliverySender(database, system, channel, settings).run(stop)

    async def sweep(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await _sweep(system, settings)
            await _mend(database, system, settings)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _SWEEP_SECONDS)

    rounds = RoundWorker(database, system)
    own = {"send": send, "send outside": send_outside, "publish": rounds.run}
    own["digests"] = DigestWorker(database, system).run
    return {**own, **_webhooks(database, system, settings), "sweep": sweep}


def _webhooks(database: Database, system: AsyncEngine, settings: NotifierSettings) -> dict[str, Loop]:
    if settings.webhooks_key_file is None:
        _log.warning("webhooks are off: LIANT_NOTIFIER_WEBHOOKS_KEY_FILE is not set")
        return {}
    key, network = LinkKey.from_file(settings.webhooks_key_file), Guarded(settings.webhook_networks)

    async def post(stop: asyncio.Event) -> None:
        limits = (settings.webhook_seconds, settings.webhook_answer_bytes, settings.webhook_ca_file)
        async with Poster(network, *limits) as poster:
            await DeliverySender(database, system, WebhookChannel(poster, key, settings), settings).run(stop)

    return {"send webhooks": post}


async def _sweep(system: AsyncEngine, settings: NotifierSettings) -> None:
    try:
        async with system.begin() as connection:
            await connection.execute(delete(Link).where(Link.expires_at < func.now() - func.make_interval(0, 1)))
        await sweep_webhooks(system, settings.webhook_days)
        await sweep_dead_letters(system, settings.dead_letter_days)
    except Exception:
        _log.exception("old rows not swept, will retry")


async def _mend(database: Database, system: AsyncEngine, settings: NotifierSettings) -> None:
    try:
        await recover_addresses(database, system, timedelta(hours=settings.recovery_hours))
        await forget_suppressions(system)
    except Exception:
        _log.exception("addresses not swept")
