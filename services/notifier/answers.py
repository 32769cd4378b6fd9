"""An appointment's author is told who comes: one mail for the answers of a while, which lists them all."""

from chassis.database import UnitOfWork
from chassis.identifiers import parse_id
from chassis.messages import Received
from proto.deals.v1 import messages_pb2 as deals
from services.notifier import audience
from services.notifier.commands.causes import Told
from services.notifier.commands.telling import tell
from services.notifier.model import CauseKind
from services.notifier.needs import Needs, collaborator_of

_TAKEN_BACK = "NONE"


async def tell_of_attendance(work: UnitOfWork, message: Received[deals.InvitationAnswered]) -> None:
    """Tell whoever planned an appointment what somebody answered; an answer that was taken back is on the page."""
    told = message.body
    answer = next((each.answer for each in told.event.attendees if each.id == told.answerer_id), _TAKEN_BACK)
    if answer == _TAKEN_BACK:
        return
    author, writer = collaborator_of(told.event.author_id), collaborator_of(told.event.actor_id)
    concerned = audience.of_attendance(author, writer)
    await Needs(work).people(concerned, [], message)
    id, content = parse_id("event", told.event.id), told.SerializeToString()
    await tell(work, Told(CauseKind.INVITATION_ANSWERED, id, message.version, content, message.time), concerned)
