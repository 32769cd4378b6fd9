"""What a reader needs to know of the deal or contact that a message is about."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import aliased

from services.deals.model import Account, Contact, Deal, Follower, Participant, Stage
from services.deals.queries.followers import ids_by_rule, ids_by_team
from services.deals.values.subject import Subject


def subject_of_deal(deal: UUID, contact: UUID | None = None) -> Select[*tuple[Any, ...]]:
    """The subject of something on a deal; `contact` where it is about another than the deal's primary contact."""
    return subjects_of_deals([deal], contact)


def subjects_of_deals(deals: Collection[UUID], contact: UUID | None = None) -> Select[*tuple[Any, ...]]:
    """The same of several."""
    person = aliased(Contact)
    # Not coalesced by PostgreSQL: row-level security lets no index be asked for what COALESCE gives.
    whom: Any = Deal.primary_contact_id if contact is None else literal(contact)
    return (
        select(
            Deal.id.label("deal_id"),
            Deal.title.label("deal_title"),
            Stage.name.label("stage_name"),
            Deal.owner_id,
            whom.label("contact_id"),
            person.name.label("contact_name"),
            person.relationship_manager_id.label("contact_manager"),
            Deal.account_id,
            Account.name.label("account_name"),
            Account.relationship_manager_id.label("account_manager"),
            _gathered(Follower.collaborator_id, Follower.deal_id).label("follower_ids"),
            ids_by_team().label("team_follower_ids"),
            ids_by_rule().label("rule_follower_ids"),
            _gathered(Participant.contact_id, Participant.deal_id).label("participant_ids"),
        )
        .join(Stage, Stage.id == Deal.stage_id)
        .outerjoin(person, person.id == whom)
        .outerjoin(Account, Account.id == Deal.account_id)
        .where(Deal.id.in_(deals))
    )


def subject_of_contact(contact: UUID) -> Select[*tuple[Any, ...]]:
    """The subject of something on a contact alone."""
    return subjects_of_contacts([contact])


def subjects_of_contacts(contacts: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """The same of several."""
    return select(
        Contact.id.label("contact_id"),
        Contact.name.label("contact_name"),
        Contact.relationship_manager_id.label("contact_manager"),
    ).where(Contact.id.in_(contacts))


def subject_of_account(account: UUID) -> Select[*tuple[Any, ...]]:
    """The subject of something on an account alone."""
    return subjects_of_accounts([account])


def subjects_of_accounts(accounts: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """The same of several."""
    return select(
        Account.id.label("account_id"),
        Account.name.label("account_name"),
        Account.relationship_manager_id.label("account_manager"),
    ).where(Account.id.in_(accounts))


def deals_naming(kind: str, id: UUID) -> Select[*tuple[UUID]]:
    """Deals with an account, or with a contact as their primary contact or a participant."""
    if kind == "account":
        return select(Deal.id).where(Deal.account_id == id).order_by(Deal.id)
    takes_part = select(Participant.deal_id).where(Participant.contact_id == id)
    return select(Deal.id).where((Deal.primary_contact_id == id) | Deal.id.in_(takes_part)).order_by(Deal.id)


def read_subject(row: Any) -> Subject:
    """The subject in a row of one of the queries."""
    told = dict(row._mapping)
    managers = (told.pop("contact_manager", None), told.pop("account_manager", None))
    told["relationship_manager_ids"] = tuple(dict.fromkeys(id for id in managers if id is not None))
    told["participant_ids"] = tuple(told.get("participant_ids") or ())
    ways = ("follower_ids", "team_follower_ids", "rule_follower_ids")
    told["follower_ids"] = tuple(dict.fromkeys(id for way in ways for id in told.pop(way, None) or ()))
    return Subject(**{name: value for name, value in told.items() if value is not None})


def _gathered(column: Any, deal: Any) -> Any:
    return select(func.array_agg(column.distinct())).where(deal == Deal.id).correlate(Deal).scalar_subquery()
