"""What a collaborator reads: their organization's publications, and those of organizations that it follows."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, case, func, literal, or_, select

from services.notifier.model import Team
from services.notifier.publications.model import Publication, PublicationReader, PublicationStatus, Seen

PUBLICATION = Publication.metadata.tables["publication"]


def addressed(publication: UUID, collaborator: UUID) -> ColumnElement[bool]:
    """Whether a publication of the scope's organization is for a collaborator."""
    return select(literal(1)).where(Publication.id == publication, is_for(collaborator)).exists()


def is_for(collaborator: UUID) -> ColumnElement[bool]:
    """Whether a publication of one's own organization is for oneself; its author sees it, too."""
    mine = literal(collaborator) == any_(Team.members)
    mates = select(literal(1)).where(Team.id == any_(Publication.team_ids), ~Team.deleted, mine)
    return or_(Publication.to_network, Publication.author_id == collaborator, mates.exists())


def feed(organization: UUID, me: UUID) -> Select[Any]:
    """What I can read now. Row-level security shows of others only what we follow and they publish to all."""
    reader, seen = PublicationReader, Seen
    mine = and_(reader.publication_id == Publication.id, reader.collaborator_id == me)
    theirs = and_(seen.publication_id == Publication.id, seen.collaborator_id == me)
    own = Publication.organization_id == organization
    return (
        select(
            *PUBLICATION.c,
            func.coalesce(reader.read_at, seen.at).label("read_at"),
            reader.answered_at,
            reader.choice,
            reader.words,
            case((own, Publication.question), else_="").label("asked"),
        )
        .outerjoin(reader, mine)
        .outerjoin(seen, theirs)
        .where(
            Publication.status == PublicationStatus.PUBLISHED.value,
            Publication.feed,
            or_(~own, is_for(me)),
        )
    )
