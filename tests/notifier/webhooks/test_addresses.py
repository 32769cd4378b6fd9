"""Nothing is sent to our own network, whatever a name resolves to, and whenever."""

from collections.abc import Sequence
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import pytest

from services.notifier.model import Verdict
from services.notifier.webhooks.addresses import AddressRefused, Guarded, Resolve, check_address
from services.notifier.webhooks.posting import Poster
from tests.notifier.asking import Ask
from tests.notifier.certificates import a_certificate
from tests.notifier.house import House
from tests.notifier.webhooks.words import CREATE, a_deal_changes, act, an_endpoint, as_admin, sent
from tests.support.http import Sink, run_sink

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.5",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # an address to be refused
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:db8::1",
    "not an address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_taken(address: str) -> None:
    assert check_address(address) == address


def resolving(*answers: Sequence[str]) -> Resolve:
    """A name server that answers so, one time after another."""
    left = [*answers]

    async def resolve(host: str, port: int) -> Sequence[str]:
        return left.pop(0)

    return resolve


async def test_a_name_that_comes_to_lead_inside_reaches_nothing(sink: Sink) -> None:
    # DNS rebinding: public when it was looked at first, ours when it is connected to.
    network = Guarded(resolver=resolving(["93.184.215.14"], ["127.0.0.1"], ["93.184.215.14", "::ffff:127.0.0.1"]))
    assert await network.addresses("rebind.example", sink.port) == ["93.184.215.14"]
    async with Poster(network, 2, 1000) as poster:
        for _ in range(2):
            outcome = await poster.post(f"http://rebind.example:{sink.port}/ok", [], b"{}")
            assert outcome.verdict is Verdict.DEFERRED
            assert outcome.text.startswith("ADDRESS_REFUSED")
    assert sink.posted == []


async def test_the_address_that_was_looked_at_is_connected_to(house: House, sink: Sink) -> None:
    # A second look at the name would lead elsewhere: there is none.
    network = Guarded(house.settings.webhook_networks, resolving(["127.0.0.1"]))
    async with Poster(network, 2, 1000) as poster:
        outcome = await poster.post(f"http://once.example:{sink.port}/ok", [], b"{}")
    assert outcome.verdict is Verdict.ACCEPTED
    assert sink.posted[0].headers["host"] == f"once.example:{sink.port}"


async def test_tls_is_verified_for_the_name(tmp_path: Path, house: House) -> None:
    certificate, key = a_certificate(tmp_path)
    tls = SSLContext(PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    networks = house.settings.webhook_networks
    async with run_sink(tls) as sink:
        for host, trusted, expected in (
            ("localhost", certificate, Verdict.ACCEPTED),
            ("localhost", None, Verdict.DEFERRED),
            ("other.example", certificate, Verdict.DEFERRED),
        ):
            network = Guarded(networks, resolving(["127.0.0.1"]))
            async with Poster(network, 2, 1000, trusted) as poster:
                outcome = await poster.post(f"https://{host}:{sink.port}/ok", [], b"{}")
            assert outcome.verdict is expected, outcome


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "INVALID_INPUT"),
        ("ftp://example.com/", "INVALID_INPUT"),
        ("https://user:secret@example.com/", "INVALID_INPUT"),
        ("https://example.com/#x", "INVALID_INPUT"),
        ("https:///x", "INVALID_INPUT"),
        ("https://exa mple.com/\r\nX: y", "INVALID_INPUT"),
        ("https://[::1", "INVALID_INPUT"),
        ("https://example.com:99999/", "INVALID_INPUT"),
        ("https://127.0.0.1/", "ADDRESS_NOT_PUBLIC"),
        ("https://2130706433/", "ADDRESS_NOT_PUBLIC"),
        ("https://[::ffff:7f00:1]/", "ADDRESS_NOT_PUBLIC"),
        ("https://169.254.169.254/latest/meta-data", "ADDRESS_NOT_PUBLIC"),
        ("https://localhost/", "ADDRESS_NOT_PUBLIC"),
    ],
)
async def test_an_endpoint_within_is_refused_as_it_is_made(
    house: House, ask_strictly: Ask, url: str, code: str
) -> None:
    told = (await as_admin(ask_strictly, CREATE, input={"url": url, "types": ["deal.changed"]}))["result"]
    assert (told["code"], told["path"]) == (code, ["url"])


async def test_an_endpoint_that_moved_inside_is_refused_at_each_try(house: House, ask: Ask, sink: Sink) -> None:
    await an_endpoint(ask, sink)
    await a_deal_changes(house)
    async with house.posting(webhook_networks=(), webhook_retry_seconds=()):
        await house.settled()
    [one] = await sent(ask)
    assert one["status"] == "BOUNCED"
    assert "ADDRESS_REFUSED" in one["notSentBecause"]
    assert sink.posted == []


async def test_without_a_key_there_are_no_webhooks(house: House, ask_without_key: Ask, sink: Sink) -> None:
    create = act("createWebhookEndpoint", "CreateWebhookEndpointInput")
    told = await as_admin(ask_without_key, create, input={"url": sink.url(), "types": ["deal.changed"]})
    assert told["result"]["code"] == "WEBHOOKS_OFF"
