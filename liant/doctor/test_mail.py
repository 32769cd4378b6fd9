"""A test mail by the way of every other: a message of contacts, a delivery of the notifier, the relay."""

import asyncio
import time
from uuid import UUID

from sqlalchemy import select, text

from chassis.database import Database, create_engine
from liant.doctor.finding import Finding
from liant.doctor.probes import POLL_SECONDS, databases, send
from liant.system.access import Access
from proto.contacts.v1.messages_pb2 import ProbeSent
from services.notifier.mail.addresses import Undeliverable, ascii_address
from services.notifier.model import Attempt, CauseKind, Delivery, Status

# Of all that tells of organizations, what the system role reads.
_ORGANIZATION = text("SELECT organization_id FROM collaborator ORDER BY organization_id LIMIT 1")
_FINAL = (Status.BOUNCED, Status.REJECTED, Status.SKIPPED, Status.SUPPRESSED)


async def send_test_mail(access: Access, address: str, seconds: float) -> Finding:
    """Send it in the name of the organization that was there first, and wait for what the relay says."""
    try:
        ascii_address(address)
    except Undeliverable as error:
        return Finding("test mail", address, str(error))
    organization = await _first_organization(access)
    if organization is None:
        return Finding("test mail", address, "the notifier knows of no organization yet")
    async with databases(access) as opened:
        began = time.monotonic()
        _, probe = await send(opened["contacts"], organization, ProbeSent(mail_to=address))
        status: Status | None = None
        answer = ""
        while time.monotonic() - began < seconds:
            status, answer = await _outcome(opened["notifier"], organization, probe)
            if status is Status.SENT:
                return Finding("test mail", address, None, time.monotonic() - began, answer)
            if status in _FINAL:
                return Finding("test mail", address, f"{status}: {answer}")
            await asyncio.sleep(POLL_SECONDS)
    return Finding("test mail", address, f"not sent within {seconds:g} s: {status or 'no delivery yet'} {answer}")


async def _outcome(database: Database, organization: UUID, probe: UUID) -> tuple[Status | None, str]:
    """Where the delivery is, and what the relay answered last, or why it does not go."""
    statement = (
        select(Delivery.status, Delivery.detail, Attempt.code, Attempt.answer)
        .outerjoin(Attempt, Attempt.delivery_id == Delivery.id)
        .where(Delivery.cause_kind == CauseKind.TEST.value, Delivery.cause_id == probe)
        .order_by(Attempt.started_at.desc())
    )
    async with database.read(organization) as read:
        row = await read.first(statement)
    if row is None:
        return None, ""
    return Status(row.status), f"{row.code} {row.answer}" if row.code else row.detail or ""


async def _first_organization(access: Access) -> UUID | None:
    engine = create_engine(str(access.settings["notifier"].database_system_url), application="liant-doctor")
    try:
        async with engine.connect() as connection:
            found: UUID | None = await connection.scalar(_ORGANIZATION)
    finally:
        await engine.dispose()
    return found
