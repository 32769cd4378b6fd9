"""Signatures against the published vector of Standard Webhooks (its specification, and every reference library)."""

import base64
from datetime import UTC, datetime

from services.notifier.webhooks.signing import headers, shown

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_signed_as_the_specification_signs_it() -> None:
    secret = base64.b64decode(SECRET.removeprefix("whsec_"))
    told = dict(headers(ID, datetime.fromtimestamp(AT, UTC), BODY, [secret]))
    assert told == {
        b"webhook-id": ID.encode(),
        b"webhook-timestamp": b"1614265330",
        b"webhook-signature": SIGNATURE.encode(),
    }
    assert shown(secret) == SECRET
