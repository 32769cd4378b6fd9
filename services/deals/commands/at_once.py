"""Alerts that a message makes true or false at once, in its own transaction; the next sweep would find the same."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database import UnitOfWork
from services.deals.commands.alerts import close_all, wanted_here
from services.deals.commands.raising import raise_alerts
from services.deals.queries import alerts as queries
from services.deals.queries.wanted import cutoffs
from services.deals.rules.base import Rule


async def see_to(work: UnitOfWork, rule: Rule, subjects: Sequence[UUID]) -> None:
    """Raise and close a rule's alerts on some deals, contacts or accounts, as the organization wants it."""
    await work.session.flush()
    cut = cutoffs(rule, await wanted_here(work), work.now, {})
    await close_all(work, queries.gone(rule, work.now, cut, subjects))
    await raise_alerts(work, rule, cut, subjects)
