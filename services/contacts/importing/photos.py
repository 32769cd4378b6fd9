"""The photos of a batch of entries: decoded before its transaction, written in it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select, update

from chassis.database import UnitOfWork
from services.contacts.commands.pictures import add_picture
from services.contacts.importing.people import Person
from services.contacts.importing.problems import Problem
from services.contacts.model import Contact, Picture
from services.contacts.pictures.preparing import Prepared, Preparer

Photos = Mapping[int, Prepared]


async def prepared_photos(pictures: Preparer, people: Sequence[Person]) -> Photos:
    """The photos by the places of their entries; one that is refused becomes a problem of its entry."""
    given = [place for place, each in enumerate(people) if each.photo is not None and each.values is not None]
    made = await pictures.several([people[place].photo or b"" for place in given]) if given else []
    found: dict[int, Prepared] = {}
    for place, photo in zip(given, made, strict=True):
        if isinstance(photo, Prepared):
            found[place] = photo
        else:
            people[place].problems.append(Problem("PHOTO_LEFT", "photo"))
    return found


async def add_photos(work: UnitOfWork, import_id: UUID, photos: Sequence[tuple[Contact, Prepared]]) -> None:
    """Give photos to those who have none; a photo that somebody chose stays."""
    wanted = {contact.id: photo for contact, photo in photos}
    having = await work.session.scalars(select(Picture.contact_id).where(Picture.contact_id.in_(wanted)))
    made = [await add_picture(work, "contact", id, wanted[id].renditions) for id in wanted.keys() - {*having}]
    if made:
        await work.session.execute(update(Picture).where(Picture.id.in_(made)).values(import_id=import_id))


async def drop_photos(work: UnitOfWork, import_id: UUID) -> None:
    """Take back the photos that an import gave and nobody replaced."""
    await work.session.execute(delete(Picture).where(Picture.import_id == import_id))
