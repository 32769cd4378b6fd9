"""Companies that entries name: their accounts and interlocutors, found or made, a batch at a time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self
from uuid import UUID

from sqlalchemy import select, text

from chassis.arrays import insert_rows
from chassis.copies import table_of
from chassis.database import UnitOfWork
from chassis.identifiers import format_id, new_id
from chassis.messages import Outgoing
from chassis.text import folded
from services.contacts import events
from services.contacts.commands import history
from services.contacts.commands.statuses import begun
from services.contacts.importing.people import Person
from services.contacts.model import (
    Account,
    AccountStatus,
    AccountStatusChange,
    Contact,
    ContactImport,
    ContactImportCompany,
    ImportedKind,
    Interlocutor,
)

# Two imports of one organization take turns at a batch, so that neither opens the file of a company twice.
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('contact_import_company' || :organization, 0))")


class Companies:
    """The accounts that a batch's entries name, by folded name, and who speaks for them."""

    def __init__(self, work: UnitOfWork, job: ContactImport) -> None:
        self._work = work
        self._job = job
        self._accounts: dict[str, Account] = {}
        self._links: dict[tuple[UUID, UUID], Interlocutor] = {}
        self._made: dict[UUID, Account | Interlocutor] = {}
        self._kept: dict[UUID, dict[str, Any]] = {}
        self._corrected: dict[UUID, Interlocutor] = {}

    @classmethod
    async def load(cls, work: UnitOfWork, job: ContactImport, people: Sequence[Person], known: Iterable[UUID]) -> Self:
        """Find the accounts by name (of several, the oldest) and their links to the contacts that are there already."""
        found = cls(work, job)
        names = {folded(person.company) for person in people if person.company}
        if not names:
            return found
        await work.session.execute(_TURN, {"organization": str(work.organization)})
        there = select(Account).where(Account.name_sort.in_(sorted(names)), Account.deleted_at.is_(None))
        for account in await work.session.scalars(there.order_by(Account.id)):
            found._accounts.setdefault(account.name_sort, account)
        accounts = [account.id for account in found._accounts.values()]
        if accounts and (contacts := list(known)):
            links = select(Interlocutor).where(
                Interlocutor.contact_id.in_(contacts),
                Interlocutor.account_id.in_(accounts),
                Interlocutor.ended_at.is_(None),
            )
            locked = links.order_by(Interlocutor.id).with_for_update()
            found._links = {(each.contact_id, each.account_id): each for each in await work.session.scalars(locked)}
            history.watch(work, *found._links.values())
        return found

    def take(self, contact: Contact, person: Person) -> bool:
        """Make what is missing between a contact and the company its entry names; whether anything changed."""
        if not person.company:
            return False
        account = self._account(person.company)
        link = self._links.get((contact.id, account.id))
        if link is None:
            self._link(contact, account, person.job_title)
            return True
        return self._correct(link, person.job_title)

    def _account(self, name: str) -> Account:
        key = folded(name)
        if key not in self._accounts:
            own = self._own()
            account = Account(**own, name=name, status=AccountStatus.SUSPECT)
            self._accounts[key] = account
            self._made[account.id] = account
            self._job.accounts_count += 1
        return self._accounts[key]

    def _link(self, contact: Contact, account: Account, job_title: str | None) -> None:
        own = {"contact_id": contact.id, "account_id": account.id}
        link = Interlocutor(**self._own(), **own, job_title=job_title, decision_maker=False)
        self._links[contact.id, account.id] = link
        self._made[link.id] = link
        self._job.interlocutors_count += 1

    def _correct(self, link: Interlocutor, job_title: str | None) -> bool:
        if not job_title or job_title == link.job_title:
            return False
        if link.id not in self._made:
            self._kept.setdefault(link.id, {"job_title": link.job_title})
            self._corrected[link.id] = link
        link.change(None, self._work.now, {"job_title": job_title})
        return True

    def _own(self) -> dict[str, Any]:
        now = self._work.now
        return {
            "id": new_id(),
            "organization_id": self._work.organization,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }

    async def write(self) -> list[Outgoing]:
        """Add the rows, with what a revert needs; the messages to emit. Contacts must be flushed before."""
        session = self._work.session
        accounts = [each for each in self._made.values() if isinstance(each, Account)]
        links = [each for each in self._made.values() if isinstance(each, Interlocutor)]
        session.add_all(accounts)
        await session.flush()
        session.add_all(links)
        if accounts:
            begins = [begun(self._work, account) for account in accounts]
            await insert_rows(session, table_of(AccountStatusChange), begins)
        if kept := [*self._rows(accounts), *self._rows(links), *self._rows(self._corrected.values())]:
            await session.flush()
            await insert_rows(session, table_of(ContactImportCompany), kept)
        cause = format_id("import", self._job.id)
        await history.record(self._work, *accounts, *links, *self._corrected.values(), cause=cause)
        told = [events.account_created(account) for account in accounts]
        return told + [events.interlocutor_changed(link) for link in (*links, *self._corrected.values())]

    def _rows(self, made: Iterable[Account | Interlocutor]) -> Iterator[dict[str, Any]]:
        for each in made:
            yield {
                "organization_id": self._work.organization,
                "import_id": self._job.id,
                "subject_id": each.id,
                "kind": ImportedKind.ACCOUNT if isinstance(each, Account) else ImportedKind.INTERLOCUTOR,
                "subject_version": each.version,
                "before": self._kept.get(each.id),
            }
