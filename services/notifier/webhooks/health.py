"""How an endpoint has been answering, and what follows: a rest, or being switched off with a mail to administrators."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from proto.notifier.v1.messages_pb2 import WebhookDisabled
from services.notifier import queries
from services.notifier.audience import Concerned, Reason
from services.notifier.channels import Outcome
from services.notifier.commands.causes import Told
from services.notifier.commands.telling import tell
from services.notifier.model import CauseKind, Verdict
from services.notifier.webhooks.model import DisabledBecause, EndpointState, WebhookEndpoint

_FAILURES_BEFORE_REST = 5
_LONGEST_REST_SECONDS = 300


async def note(work: UnitOfWork, id: UUID, outcome: Outcome, patience: timedelta) -> None:
    """Keep what came of an attempt."""
    if outcome.verdict is Verdict.ACCEPTED:
        ailing = (WebhookEndpoint.id == id, WebhookEndpoint.failures > 0)
        well = {"failures": 0, "failing_since": None, "resting_until": None}
        await work.session.execute(update(WebhookEndpoint).where(*ailing).values(well))
        return
    row = await _failed(work, id)
    if row is None or row.state != EndpointState.ACTIVE.value:
        return
    if outcome.verdict is Verdict.REFUSED:
        await _disable(work, row, DisabledBecause.GONE, outcome)
    elif row.failing_since is not None and work.now - row.failing_since >= patience:
        await _disable(work, row, DisabledBecause.FAILING, outcome)


async def _failed(work: UnitOfWork, id: UUID) -> WebhookEndpoint | None:
    row = await work.session.scalar(select(WebhookEndpoint).where(WebhookEndpoint.id == id).with_for_update())
    if row is None:
        return None
    row.failures += 1
    row.failing_since = row.failing_since or work.now
    if row.failures >= _FAILURES_BEFORE_REST:
        seconds = min(_LONGEST_REST_SECONDS, 2 ** (row.failures - _FAILURES_BEFORE_REST))
        row.resting_until = work.now + timedelta(seconds=seconds)
    return row


async def _disable(work: UnitOfWork, row: WebhookEndpoint, why: DisabledBecause, outcome: Outcome) -> None:
    row.state, row.disabled_because, row.disabled_at = EndpointState.DISABLED.value, why.value, work.now
    row.version += 1
    row.updated_at = work.now
    answer = " ".join(str(each) for each in (outcome.code, outcome.text) if each)
    told = WebhookDisabled(webhook_id=format_id("webhook", row.id), url=row.url, reason=why.value, answer=answer)
    told.failing_since.FromDatetime(row.failing_since or work.now)
    admins = await queries.admins(work.session, work.organization)
    cause = Told(CauseKind.WEBHOOK_DISABLED, row.id, row.version, told.SerializeToString(), work.now)
    await tell(work, cause, [Concerned(each, (Reason.ADMIN,)) for each in admins])
