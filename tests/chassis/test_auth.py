"""Tokens: one issuer's, for one audience, in time, or none at all."""

import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.auth import Actor, Role, TokenRefused, TokenSigner, TokenVerifier, TrustedIssuer, new_key_file
from chassis.identifiers import new_id

ACTOR = Actor(new_id(), new_id(), Role.COLLABORATOR)


@pytest.fixture
def signer() -> TokenSigner:
    """An issuer."""
    return TokenSigner(Ed25519PrivateKey.generate(), "liant-gateway")


@pytest.fixture
def verifier(signer: TokenSigner, tmp_path: Path) -> TokenVerifier:
    """Who trusts it."""
    (tmp_path / "jwks.json").write_text(json.dumps(signer.jwks()))
    return TokenVerifier([TrustedIssuer("liant-gateway", "contacts", jwks_file=tmp_path / "jwks.json")])


async def _code(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(token)
    return refused.value.code


async def test_a_good_token_gives_the_actor_back(signer: TokenSigner, verifier: TokenVerifier) -> None:
    claims = await verifier.verify(signer.sign(ACTOR.claims(), "contacts", 60))
    assert Actor.from_claims(claims) == ACTOR


async def test_an_expired_token_is_refused(signer: TokenSigner, verifier: TokenVerifier) -> None:
    assert await _code(verifier, signer.sign(ACTOR.claims(), "contacts", -30)) == "TOKEN_EXPIRED"


async def test_a_token_for_another_service_is_refused(signer: TokenSigner, verifier: TokenVerifier) -> None:
    assert await _code(verifier, signer.sign(ACTOR.claims(), "deals", 60)) == "TOKEN_INVALID"


async def test_a_token_of_another_key_is_refused_even_under_the_same_name(
    signer: TokenSigner, verifier: TokenVerifier
) -> None:
    foreign = TokenSigner(Ed25519PrivateKey.generate(), "liant-gateway")
    assert await _code(verifier, foreign.sign(ACTOR.claims(), "contacts", 60)) == "TOKEN_INVALID"
    foreign._kid = signer._kid
    assert await _code(verifier, foreign.sign(ACTOR.claims(), "contacts", 60)) == "TOKEN_INVALID"


async def test_a_token_of_an_unknown_issuer_is_refused(verifier: TokenVerifier) -> None:
    foreign = TokenSigner(Ed25519PrivateKey.generate(), "somebody")
    assert await _code(verifier, foreign.sign(ACTOR.claims(), "contacts", 60)) == "TOKEN_INVALID"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_weak_algorithm_is_refused(signer: TokenSigner, verifier: TokenVerifier, algorithm: str) -> None:
    body = {**ACTOR.claims(), "iss": "liant-gateway", "aud": "contacts", "iat": 1, "exp": int(time.time()) + 60}
    secret = None if algorithm == "none" else "x" * 32
    token = jwt.encode(body, secret, algorithm=algorithm, headers={"kid": signer._kid})  # type: ignore[arg-type]
    assert await _code(verifier, token) == "TOKEN_INVALID"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "." * 1000])
async def test_what_is_no_token_is_refused(verifier: TokenVerifier, token: str) -> None:
    assert await _code(verifier, token) == "TOKEN_INVALID"


@pytest.mark.parametrize(
    "change",
    [
        {"org": "organization_rubbish"},
        {"org": "contact_01h455vb4pex5vsknk084sn02q"},
        {"sub": "x"},
        {"role": "OWNER"},
        {"role": None},
    ],
)
def test_claims_that_name_nobody_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        Actor.from_claims({**ACTOR.claims(), **change})
    with pytest.raises(TokenRefused):
        Actor.from_claims({})


async def test_a_new_key_is_found_and_the_old_one_forgotten(signer: TokenSigner, tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(signer.jwks()))
    issuer = TrustedIssuer("liant-gateway", "contacts", jwks_file=path)
    verifier = TokenVerifier([issuer])
    await verifier.verify(signer.sign(ACTOR.claims(), "contacts", 60))
    renewed = TokenSigner(Ed25519PrivateKey.generate(), "liant-gateway")
    path.write_text(json.dumps(renewed.jwks()))
    issuer._loaded -= 2
    await verifier.verify(renewed.sign(ACTOR.claims(), "contacts", 60))
    assert await _code(verifier, signer.sign(ACTOR.claims(), "contacts", 60)) == "TOKEN_INVALID"


async def test_keys_that_cannot_be_read_again_stay_and_keys_never_read_are_told(
    signer: TokenSigner, tmp_path: Path
) -> None:
    path = tmp_path / "jwks.json"
    issuer = TrustedIssuer("liant-gateway", "contacts", jwks_file=path)
    verifier, token = TokenVerifier([issuer]), signer.sign(ACTOR.claims(), "contacts", 60)
    assert await _code(verifier, token) == "KEYS_UNAVAILABLE"
    path.write_text(json.dumps(signer.jwks()))
    issuer._loaded = -1000
    await verifier.verify(token)
    path.write_text("{")
    issuer._loaded = -1000
    await verifier.verify(token)


def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    new_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert TokenSigner.from_file(path, "i").jwks()["keys"][0]["kid"] == TokenSigner.from_file(path, "i")._kid
