"""Mails that let somebody in: an invitation to a stranger, a link to sign in."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.auth import DOORS_AUDIENCE, Actor, TokenSigner
from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from services.notifier.model import Category
from services.notifier.preferences.commands import unsubscribe
from tests.notifier.house import House
from tests.support.smtp import Mail, Mailbox


async def _invited(house: House, inviter: UUID, id: UUID, days: float = 7, **more: Any) -> None:
    """Contacts tells of an invitation."""
    told = contacts.Invitation(
        id=format_id("invitation", id),
        collaborator_id=format_id("collaborator", id),
        name="Ana Costa",
        email="ana@ailleurs.example",
        locale=more.pop("locale", "fr"),
        time_zone="Europe/Paris",
        inviter_id=format_id("collaborator", inviter),
        **{"open": True, **more},
    )
    told.expires_at.FromDatetime(datetime.now(UTC) + timedelta(days=days))
    await house.receive(contacts.InvitationChanged(invitation=told), "invitation", id)


def _claims(house: House, mail: Mail, path: str) -> dict[str, Any]:
    found = re.search(rf"{house.settings.accounts_url}/{path}/(\S+)", mail.body())
    assert found is not None, mail.body()
    file = house.settings.links_key_file
    assert file is not None
    return TokenSigner.from_file(file, house.settings.links_issuer).verify(found[1], DOORS_AUDIENCE)


async def test_an_invitation_is_mailed_to_somebody_who_is_no_collaborator_yet(house: House, mailbox: Mailbox) -> None:
    anne, id = await house.collaborator("Anne"), new_id()
    await _invited(house, anne, id)
    await _invited(house, anne, id)  # the same fact in another message
    async with house.sending():
        await house.settled()
    [mail] = mailbox.mails
    assert (mail.recipients, mail.subject) == (("ana@ailleurs.example",), "Anne vous invite à rejoindre Cabinet Morel")
    claims = _claims(house, mail, "invitations")
    assert (claims["sub"], claims["rev"]) == (format_id("invitation", id), 0)
    assert claims["org"] == format_id("organization", house.organization)
    assert mail.message["Reply-To"] is not None
    assert mail.message["List-Unsubscribe"] is None
    assert "Vous recevez" in mail.body()


async def test_an_invitation_sent_again_in_english_replaces_the_first_and_a_revoked_one_goes_nowhere(
    house: House, mailbox: Mailbox
) -> None:
    anne, again, revoked, late = await house.collaborator("Anne"), new_id(), new_id(), new_id()
    await _invited(house, anne, again, locale="en")
    await _invited(house, anne, again, locale="en", revision=1)
    await _invited(house, anne, revoked)
    await _invited(house, anne, revoked, open=False)
    await _invited(house, anne, late, days=-0.001)
    async with house.sending():
        await house.settled()
    [mail] = mailbox.mails
    assert (mail.subject, _claims(house, mail, "invitations")["rev"]) == ("Anne invites you to Cabinet Morel", 1)
    rows = await house.rows("SELECT detail FROM delivery WHERE status = 'SKIPPED' ORDER BY detail")
    assert [row.detail for row in rows] == ["INVITATION_NO_LONGER_WAITS"] * 2 + ["LINK_EXPIRED"]


async def test_a_sign_in_is_mailed_to_whoever_wants_no_other_mail(house: House, mailbox: Mailbox) -> None:
    paul, id = await house.collaborator("Paul", locale="en"), new_id()
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        for category in Category:
            await unsubscribe(work, paul, category)
    told = contacts.SignIn(id=format_id("sign_in", id), collaborator_id=format_id("collaborator", paul))
    told.expires_at.FromDatetime(datetime.now(UTC) + timedelta(minutes=15))
    await house.receive(contacts.SignInRequested(sign_in=told), "sign_in", id)
    async with house.sending():
        await house.settled()
    [mail] = mailbox.mails
    assert (mail.recipients, mail.subject) == (("paul@cabinet.example",), "Sign in to Liant")
    assert _claims(house, mail, "sign-in")["sub"] == format_id("sign_in", id)
    assert "Cabinet Morel" not in mail.source.decode()
    shown = await house.rows("SELECT cause_kind FROM delivery")
    assert [row.cause_kind for row in shown] == ["sign_in"]


async def test_without_a_key_no_door_is_mailed_and_the_log_says_why(house: House, mailbox: Mailbox) -> None:
    await _invited(house, await house.collaborator("Anne"), new_id())
    async with house.sending(links_key_file=None):
        await house.settled()
    [row] = await house.rows("SELECT status, detail FROM delivery")
    assert (row.status, row.detail.split(":")[0], mailbox.mails) == ("SKIPPED", "LINKS_OFF", [])
