"""Signatures that a verifier accepts, and that break with the message."""

from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from chassis.identifiers import parse_id
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.mail.signing import Signer
from tests.notifier.house import House, an_alert
from tests.support.smtp import Mailbox

RECORD = "liant._domainkey.firm.example."


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """The private key's file, and what DNS says of the public one."""
    key = rsa.generate_private_key(65537, 2048)
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    path.write_bytes(key.private_bytes(*kinds))
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    told = b"".join(public.splitlines()[1:-1])
    return path, b"v=DKIM1; k=rsa; p=" + told


def verified(source: bytes, record: bytes) -> bool:
    return bool(dkim.verify(source, dnsfunc=lambda name, timeout=5: record if name == RECORD.encode() else b""))


async def test_a_mail_is_signed_so_that_a_verifier_accepts_it(
    house: House, mailbox: Mailbox, keys: tuple[Path, bytes]
) -> None:
    path, record = keys
    alert = an_alert(await house.collaborator("Claire"))
    await house.receive(deals.AlertRaised(alert=alert), "alert", parse_id("alert", alert.id))
    async with house.sending(dkim_key_file=path, mail_from="liant@firm.example"):
        await house.settled()
    source = mailbox.mails[0].source
    assert verified(source, record)
    for change in ((b"Subject: ", b"Subject: x"), (b"List-Unsubscribe-Post", b"X-Post"), (b"</html>", b"!</html>")):
        assert change[0] in source
        assert not verified(source.replace(*change, 1), record)
    assert not verified(source.replace(b"Subject: ", b"Subject: another\r\nSubject: ", 1), record)
    assert not verified(b"From: evil@firm.example\r\n" + source, record)


def test_a_file_without_a_key_is_told_of_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "none.pem"
    path.write_text("no key")
    with pytest.raises(ValueError, match="no key that DKIM signs with"):
        Signer.from_file(path, "firm.example", "liant")
