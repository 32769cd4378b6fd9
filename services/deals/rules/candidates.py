"""Whom and what remedies could name: looked up beside what a rule found, a row each at most."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from chassis.identifiers import format_id
from services.deals.model import Collaborator, Contact, Deal, Duplicate, Interlocutor
from services.deals.states.deal import CARRIED

MOST_SPEAKERS = 3


def owner_of_a_deal(of: Any, subject: Any) -> LateralFromClause:
    """`id, name` of who owns the newest deal of an account or contact, and can act."""
    carried = Deal.phase.in_(CARRIED)
    found = select(Collaborator.id, Collaborator.name).join(Deal, Deal.owner_id == Collaborator.id)
    found = found.where(of == subject, carried, ~Collaborator.disabled)
    return found.order_by(Deal.id.desc()).limit(1).lateral("candidate")


def speakers(of: Any, account: Any) -> LateralFromClause:
    """`ids, names` of some who speak for an account, a column of the table `of`; those who decide first."""
    spoken = select(Contact.id, Contact.name).join(Interlocutor, Interlocutor.contact_id == Contact.id)
    here = Interlocutor.organization_id == of.organization_id  # the index of accounts begins with it
    spoken = spoken.where(here, Interlocutor.account_id == account, Interlocutor.ended_at.is_(None), ~Contact.deleted)
    some = (
        spoken.order_by(Interlocutor.decision_maker.desc(), Interlocutor.id)
        .limit(MOST_SPEAKERS)
        .correlate(of)
        .lateral("speaker")
    )
    return select(func.array_agg(some.c.id).label("ids"), func.array_agg(some.c.name).label("names")).lateral(
        "speakers"
    )


def twin(contact: Any) -> LateralFromClause:
    """`id, name` of the contact that one is most probably the same as."""
    other = aliased(Contact)
    pair = or_(
        (Duplicate.first_id == contact) & (Duplicate.second_id == other.id),
        (Duplicate.second_id == contact) & (Duplicate.first_id == other.id),
    )
    found = select(other.id, other.name).join(Duplicate, pair).where(Duplicate.open, ~other.deleted)
    return found.order_by(Duplicate.score.desc(), Duplicate.id).limit(1).lateral("twin")


def named(kind: str, name: str, id: Any, what: Any) -> dict[str, str]:
    """A figure by its name, and its id; nothing where there is none."""
    return {} if id is None else {name: str(what), f"{name}_id": format_id(kind, id)}
