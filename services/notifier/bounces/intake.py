"""POST /mail/reports: what comes back, handed over by the mail server as it came (message/rfc822).

The mail server is believed (it holds the token); what it brings is not: a report counts only where it names a delivery
by an envelope sender that we made, and only for that delivery.
"""

import hmac
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chassis.auth import Actor
from chassis.database import Database
from chassis.identifiers import format_id
from chassis.pages import body
from services.notifier import metrics, queries
from services.notifier.bounces.reports import Report, ReportKind, read_report
from services.notifier.bounces.terms import terms_of, verp_of
from services.notifier.commands.bouncing import take_report
from services.notifier.settings import NotifierSettings

_log = structlog.get_logger(__name__)


class ReportRefused(Exception):
    """Why a report is not taken: an HTTP status, a fixed code, and words for whoever runs the mail server."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Intake:
    """Takes reports."""

    def __init__(self, database: Database, system: AsyncEngine, settings: NotifierSettings) -> None:
        self._database, self._system, self._settings = database, system, settings
        self._verp, self._terms = verp_of(settings), terms_of(settings)

    async def answer(self, request: Request) -> Response:
        """Answer one request: 200 with what was understood, also where it was told before."""
        try:
            self._authenticate(request)
            source = await self._body(request)
            report, new = await self.take(source, request.query_params.get("recipient", ""))
        except ReportRefused as refused:
            metrics.REPORTS.labels(refused.code).inc()
            return JSONResponse({"error": {"code": refused.code, "message": refused.message}}, refused.status)
        metrics.REPORTS.labels(report.kind.value).inc()
        return JSONResponse({"kind": report.kind.value, "status": report.status, "new": new})

    async def take(self, source: bytes, recipient: str) -> tuple[Report, bool]:
        """Act on a report, and tell whether it was new. Raises ReportRefused for one about no delivery of ours."""
        report = read_report(source)
        id = self._delivery(report, recipient)
        async with self._system.connect() as connection:
            found = await queries.delivery_anywhere(connection, id)
        oldest = self._database.clock() - timedelta(days=self._settings.report_days)
        if found is None or found.created_at < oldest:
            raise ReportRefused(404, "DELIVERY_UNKNOWN", "The delivery that this is about is not known any more.")
        return report, await self._act(found.organization_id, id, report)

    async def _act(self, organization: UUID, id: UUID, report: Report) -> bool:
        async with self._database.unit_of_work(Actor.system(organization)) as work:
            delivery = await queries.reported_delivery(work.session, id)
            if delivery is None or report.kind is ReportKind.OTHER:
                return False
            new = await take_report(work, delivery, report, self._terms)
        _log.info("mail report", delivery=format_id("delivery", id), kind=report.kind, status=report.status, new=new)
        return new

    def _delivery(self, report: Report, recipient: str) -> UUID:
        """Raises ReportRefused."""
        if self._verp is None:
            raise ReportRefused(503, "BOUNCES_OFF", "LIANT_NOTIFIER_BOUNCE_ADDRESS is not set: mails name no delivery.")
        # Where the mail server says to whom it came, only that counts.
        for text in [recipient] if recipient else report.addresses:
            if (delivery := self._verp.delivery_in(text)) is not None:
                return delivery
        raise ReportRefused(404, "RECIPIENT_UNKNOWN", "It names no envelope sender that was made here.")

    def _authenticate(self, request: Request) -> None:
        expected = self._settings.report_token
        if expected is None:
            raise ReportRefused(503, "INTAKE_OFF", "LIANT_NOTIFIER_REPORT_TOKEN is not set.")
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(), expected.get_secret_value().encode())
        if scheme.lower() != "bearer" or not right:
            raise ReportRefused(401, "UNAUTHENTICATED", "Give the intake's token: Authorization: Bearer <token>.")

    async def _body(self, request: Request) -> bytes:
        most = self._settings.report_bytes
        content = await body(request, most)
        if content is None:
            raise ReportRefused(413, "REPORT_TOO_LARGE", f"A report has at most {most} bytes.")
        return content


def intake_routes(database: Database, system: AsyncEngine, settings: NotifierSettings) -> list[BaseRoute]:
    """The routes that the web part adds."""
    return [Route("/mail/reports", Intake(database, system, settings).answer, methods=["POST"])]
