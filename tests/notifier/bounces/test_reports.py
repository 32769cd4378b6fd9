"""Reports are read in every shape, and nothing that is made to break the reader does."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.identifiers import new_id
from chassis.links import LinkKey
from services.notifier.bounces.reports import ReportKind, bounce_kind, read_report
from services.notifier.bounces.verp import Verp
from tests.notifier.bounces import samples

VERP = Verp("bounces@mail.firm.example", LinkKey(b"k" * 32))
TO = VERP.sender(new_id())


@pytest.mark.parametrize(
    ("source", "kind", "status"),
    [
        (samples.postfix(TO), ReportKind.HARD, "5.1.1"),
        (samples.postfix(TO, action="delayed", status="4.4.1"), ReportKind.DELAYED, "4.4.1"),
        (samples.postfix(TO, action="delivered", status="2.0.0"), ReportKind.DELIVERED, "2.0.0"),
        (samples.exchange(TO), ReportKind.HARD, "5.1.10"),
        (samples.exchange(TO, "5.7.1", "TRANSPORT.RULES.RejectMessage; not allowed"), ReportKind.SOFT, "5.7.1"),
        (samples.exchange(TO, "5.0.0", "then 5.4.310 DNS domain does not exist"), ReportKind.HARD, "5.4.310"),
        (samples.gmail(TO), ReportKind.SOFT, "5.2.2"),
        (samples.gmail(TO, "5.2.1", 550), ReportKind.HARD, "5.2.1"),
        (samples.qmail(TO), ReportKind.HARD, ""),
        (samples.absent(TO), ReportKind.OTHER, ""),
        (samples.complaint(TO), ReportKind.COMPLAINT, ""),
        (samples.complaint(TO, kind="not-spam"), ReportKind.OTHER, ""),
        (b"", ReportKind.OTHER, ""),
    ],
)
def test_what_a_report_says(source: bytes, kind: ReportKind, status: str) -> None:
    report = read_report(source)
    assert (report.kind, report.status) == (kind, status)


def test_the_words_are_the_other_sides_on_one_line() -> None:
    words = read_report(samples.postfix(TO)).words
    assert words.startswith("5.1.1 550 5.1.1 <paul@cabinet.example>: Recipient address rejected:")
    assert "\n" not in words


@pytest.mark.parametrize(
    "source", [samples.postfix(TO), samples.exchange(TO), samples.gmail(TO), samples.complaint(TO)]
)
def test_its_delivery_is_found_in_the_message_itself(source: bytes) -> None:
    assert VERP.delivery_in(" ".join(read_report(source).addresses)) == VERP.delivery_in(TO) is not None


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        ("", 550, "HARD"),
        ("", 552, "SOFT"),
        ("", 451, "SOFT"),
        ("5.0.0", 552, "SOFT"),
        ("5.0.0", None, "HARD"),
        ("", None, "SOFT"),
    ],
)
def test_smtps_own_code_decides_where_there_is_no_better_one(status: str, code: int | None, kind: str) -> None:
    assert bounce_kind(status, code) == kind


def test_deep_and_broken_reports_are_read_to_the_end() -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000))
    assert read_report(deep).kind is ReportKind.OTHER
    broken = (
        samples.postfix(TO).replace(b"charset=us-ascii", b"charset=klingon").replace(b"Status: 5", b"Status: \xff5")
    )
    assert read_report(broken).kind is ReportKind.HARD


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 1500))
def test_no_bytes_break_the_reader(noise: bytes, at: int) -> None:
    source = samples.postfix(TO)
    read_report(source[:at] + noise + source[at:])


def test_an_envelope_sender_names_its_delivery_in_any_case() -> None:
    delivery = new_id()
    sender = VERP.sender(delivery)
    assert len(sender.partition("@")[0]) <= 64
    assert VERP.delivery_in(f"<{sender.upper()}>") == delivery


@pytest.mark.parametrize("change", ["seal", "delivery", "domain", "name", "longer"])
def test_an_envelope_sender_cannot_be_made_up(change: str) -> None:
    sender = VERP.sender(new_id())
    tag = sender.partition("+")[2].partition("@")[0]
    forged = {
        "seal": sender.replace(tag[-16:], "a" * 16),
        "delivery": sender.replace(tag[:26], VERP.sender(new_id()).partition("+")[2][:26]),
        "domain": sender.replace("mail.firm.example", "mail.firm.example.evil.example"),
        "name": f"x{sender}",
        "longer": sender.replace("@", "a@"),
    }[change]
    assert forged != sender
    assert VERP.delivery_in(forged) is None
    assert Verp("bounces@mail.firm.example", LinkKey(base64.b64decode("eA==") * 32)).delivery_in(sender) is None


def test_an_address_too_long_to_name_deliveries_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        Verp(f"{'b' * 21}@mail.firm.example", LinkKey(b"k" * 32))
