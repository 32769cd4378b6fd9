"""Which messages reach whom: liant/subscriptions.json, with the messages that deals sends."""

from pathlib import Path

from google.protobuf.message import Message

import liant
from gateway.subscriptions.mapping import Names, read_mappings
from proto.deals.v1 import messages_pb2 as pb

MAPPINGS = read_mappings(Path(liant.__file__).parent / "subscriptions.json")
ME = {"org": "organization_1", "sub": "collaborator_1"}


def heard(
    field: str, message: Message, organization: str = "organization_1", **arguments: str
) -> dict[str, str] | None:
    """The entity that a subscriber gets of a message; None where it is not for them."""
    mapping = MAPPINGS[field]
    headers = {"liant-organization": organization, "ce-type": message.DESCRIPTOR.full_name}
    payload = mapping.decode(headers, message.SerializeToString())
    names = Names(arguments=arguments, claims=ME).with_message(headers, payload)
    return mapping.representation(names) if mapping.concerns(names) else None


def test_a_board_hears_of_its_own_deals() -> None:
    moved = pb.DealChanged(deal=pb.Deal(id="deal_1", pipeline_id="pipeline_1"))
    assert heard("boardChanged", moved, pipelineId="pipeline_1") == {"__typename": "Deal", "id": "deal_1"}
    assert heard("boardChanged", moved, pipelineId="pipeline_2") is None
    assert heard("boardChanged", moved, "organization_2", pipelineId="pipeline_1") is None
    left = pb.DealChanged(deal=pb.Deal(id="deal_1", pipeline_id="pipeline_1", left_pipeline_id="pipeline_2"))
    assert heard("boardChanged", left, pipelineId="pipeline_2") == {"__typename": "Deal", "id": "deal_1"}


def test_my_day_hears_of_what_names_me_among_others() -> None:
    event = pb.EventChanged(event=pb.Event(id="event_1", concerned_ids=["collaborator_0", "collaborator_1"]))
    alert = pb.AlertRaised(alert=pb.Alert(id="alert_1", addressee_ids=["collaborator_1"]))
    mine = pb.DealChanged(deal=pb.Deal(id="deal_1", subject=pb.Subject(owner_id="collaborator_1")))
    assert heard("myDayChanged", event) == {"__typename": "Event", "id": "event_1"}
    assert heard("myDayChanged", alert) == {"__typename": "Alert", "id": "alert_1"}
    assert heard("myDayChanged", mine) == {"__typename": "Deal", "id": "deal_1"}
    other = pb.EventChanged(event=pb.Event(id="event_1", concerned_ids=["collaborator_10"]))
    assert heard("myDayChanged", other) is None
    assert heard("myDayChanged", event, "organization_2") is None


def test_a_timeline_hears_of_messages_and_of_what_became_of_them() -> None:
    about = pb.Subject(
        deal_id="deal_1", contact_id="contact_1", account_id="account_1", participant_ids=["contact_3", "contact_2"]
    )
    for message in (pb.MessageWritten(), pb.MessageChanged()):
        message.message.CopyFrom(pb.DealMessage(id="message_1", subject=about))
        for argument in (
            {"dealId": "deal_1"},
            {"contactId": "contact_1"},
            {"contactId": "contact_2"},
            {"accountId": "account_1"},
        ):
            assert heard("timelineChanged", message, **argument) == {"__typename": "Message", "id": "message_1"}
        for other in ({"dealId": "deal_2"}, {"contactId": "contact_4"}, {"accountId": "contact_2"}):
            assert heard("timelineChanged", message, **other) is None


def test_whoever_takes_part_in_a_deal_hears_of_everything_on_it() -> None:
    about = pb.Subject(deal_id="deal_1", participant_ids=["contact_1"])
    told: list[Message] = [
        pb.EventCreated(event=pb.Event(id="x", subject=about)),
        pb.AlertRaised(alert=pb.Alert(id="x", subject=about)),
        pb.CommentWritten(comment=pb.Comment(id="x", subject=about)),
        pb.FactRecorded(id="x", subject=about),
    ]
    for message in told:
        assert heard("timelineChanged", message, contactId="contact_1"), type(message)
        assert heard("timelineChanged", message, contactId="contact_2") is None


def test_a_timeline_hears_of_comments_and_an_account_of_its_facts() -> None:
    about = pb.Subject(deal_id="deal_1", account_id="account_1")
    comment = pb.CommentWritten(comment=pb.Comment(id="comment_1", subject=about))
    fact = pb.FactRecorded(id="notification_1", subject=about)
    assert heard("timelineChanged", comment, dealId="deal_1") == {"__typename": "Comment", "id": "comment_1"}
    assert heard("timelineChanged", fact, accountId="account_1") == {
        "__typename": "Notification",
        "id": "notification_1",
    }
    assert heard("timelineChanged", fact, accountId="account_2") is None
    assert heard("timelineChanged", fact) is None


def test_an_alert_is_heard_of_whenever_it_changes() -> None:
    changed = pb.AlertChanged(alert=pb.Alert(id="alert_1"))
    assert heard("alertChanged", changed) == {"__typename": "Alert", "id": "alert_1"}
    assert "liant.deals.v1.alert.*" in MAPPINGS["alertChanged"].subjects
