"""What is told of merges, duplicates, imports, purges, erasures and exports of a person."""

from collections.abc import Sequence
from uuid import UUID

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.contacts.v1 import messages_pb2 as messages
from services.contacts import model

PURGED = "[purged]"


def purged_whole(row: model.Contact | model.Account) -> Outgoing:
    """A contact or an account as it is once it is purged: nothing but its id, and what it had become part of."""
    kind, id = row.__tablename__, format_id(row.__tablename__, row.id)
    into = format_id(kind, row.merged_into_id) if row.merged_into_id else ""
    if isinstance(row, model.Contact):
        person = messages.Contact(id=id, family_name=PURGED, deleted=True, merged_into_id=into, purged=True)
        return Outgoing(kind, row.id, row.version, messages.ContactChanged(contact=person))
    company = messages.Account(id=id, name=PURGED, deleted=True, merged_into_id=into, purged=True)
    return Outgoing(kind, row.id, row.version, messages.AccountChanged(account=company))


def purge_made(row: model.Purge) -> Outgoing:
    """A purge, for the timelines."""
    told = messages.Purge(
        id=format_id("purge", row.id),
        subject_id=format_id(row.kind.value.lower(), row.subject_id),
        actor_id=format_id("collaborator", row.by_id) if row.by_id else "",
    )
    told.at.FromDatetime(row.at)
    return Outgoing("purge", row.id, 1, messages.PurgeMade(purge=told))


def import_moved(row: model.ContactImport) -> Outgoing:
    """An import came to another state, or did more of its entries."""
    told = messages.ImportMoved(
        id=format_id("import", row.id), state=row.state.value, position=row.position, total=row.total or 0
    )
    return Outgoing("import", row.id, row.version, told)


def merge_changed(row: model.Merge) -> Outgoing:
    """A merge was made, or undone."""
    kind, undone = row.kind.value.lower(), row.undone_at is not None
    actor = row.undone_by_id if undone else row.created_by_id
    told = messages.Merge(
        id=format_id("merge", row.id),
        winner_id=format_id(kind, row.winner_id),
        loser_id=format_id(kind, row.loser_id),
        actor_id=format_id("collaborator", actor) if actor else "",
        undone=undone,
    )
    told.at.FromDatetime(row.undone_at or row.created_at)
    return Outgoing("merge", row.id, row.version, messages.MergeChanged(merge=told))


def person_erased(row: model.Erasure, contacts: Sequence[UUID], identifiers: Sequence[str]) -> Outgoing:
    """A person is to be forgotten everywhere."""
    told = messages.PersonErased(
        erasure_id=format_id("erasure", row.id),
        contact_ids=[format_id("contact", id) for id in contacts],
        identifiers=identifiers,
    )
    return Outgoing("erasure", row.id, row.version, told)


def person_export_requested(row: model.PersonExport, contacts: Sequence[UUID], names: Sequence[str]) -> Outgoing:
    """Whoever keeps anything of a person is to tell it."""
    told = messages.PersonExportRequested(
        person_export_id=format_id("person_export", row.id),
        contact_ids=[format_id("contact", id) for id in contacts],
        identifiers=names,
    )
    return Outgoing("person_export", row.id, row.version, told)


def duplicate_found(row: model.DuplicatePair) -> Outgoing:
    """Two contacts or accounts may be the same; told again where the score changed."""
    return Outgoing("duplicate", row.id, row.version, messages.DuplicateFound(duplicate=_duplicate(row)))


def duplicate_settled(row: model.DuplicatePair) -> Outgoing:
    """A pair was merged, is known not to be one, or is not alike any more."""
    return Outgoing("duplicate", row.id, row.version, messages.DuplicateSettled(duplicate=_duplicate(row)))


def _duplicate(row: model.DuplicatePair) -> messages.Duplicate:
    kind = row.kind.value.lower()
    return messages.Duplicate(
        id=format_id("duplicate", row.id),
        first_id=format_id(kind, row.first_id),
        second_id=format_id(kind, row.second_id),
        score=row.score,
        state=messages.Duplicate.State.Value(row.state.value),
        reasons=[code for code, _, _ in row.reasons],
    )
