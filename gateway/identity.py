"""The gateway's keys: whose tokens it accepts, and the ones it signs for its subgraphs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from chassis.auth import INTERNAL_ISSUER, INTERNAL_SECONDS, TokenRefused, TokenSigner, TokenVerifier, TrustedIssuer
from gateway.config import Identity, Issuer
from gateway.pipeline.authenticate import Claims, Unauthenticated, Verify
from gateway.pipeline.badge import Sign

# What a token says of itself, not of its bearer: the gateway's own token says it anew.
_OF_THE_TOKEN = frozenset(("iss", "aud", "exp", "nbf", "iat", "jti"))


class PinnedKey(TrustedIssuer):
    """An issuer with a single public key, given as PEM; tokens need not name it."""

    pem: jwt.PyJWK

    async def key(self, kid: str) -> jwt.PyJWK:
        """The one key."""
        return self.pem


def verify_with(identity: Identity) -> Verify | None:
    """How bearer tokens are verified; None where no issuer is configured. Raises OSError or ValueError for its key."""
    issuers = identity.all_issuers()
    if not issuers:
        return None
    verifier = TokenVerifier(_trusted(issuer) for issuer in issuers)

    async def verify(token: str) -> Claims:
        try:
            return await verifier.verify(token)
        except TokenRefused as refused:
            raise Unauthenticated(refused.code, refused.message) from None

    return verify


def _trusted(issuer: Issuer) -> TrustedIssuer:
    if issuer.public_key_file is None:
        return TrustedIssuer(issuer.name, issuer.audience, issuer.jwks_file, issuer.jwks_url)
    pinned = PinnedKey(issuer.name, issuer.audience)
    pinned.pem = _read_public_key(issuer.public_key_file)
    return pinned


def _read_public_key(path: Path) -> jwt.PyJWK:
    key = load_pem_public_key(path.read_bytes())
    if isinstance(key, Ed25519PublicKey):
        return jwt.PyJWK.from_json(OKPAlgorithm.to_jwk(key), "EdDSA")
    return jwt.PyJWK.from_json(RSAAlgorithm.to_jwk(key), "RS256")  # type: ignore[arg-type]  # others raise there


@dataclass(frozen=True, slots=True)
class Badge:
    """How the gateway signs, and the public half for its subgraphs."""

    sign: Sign
    jwks: dict[str, Any]


def badge_with(identity: Identity) -> Badge | None:
    """The signer of internal tokens; None where no key is configured. Raises OSError or ValueError for its key."""
    if identity.signing_key_file is None:
        return None
    signer = TokenSigner.from_file(identity.signing_key_file, INTERNAL_ISSUER)

    def sign(claims: Mapping[str, Any], subgraph: str) -> str:
        told = {name: value for name, value in claims.items() if name not in _OF_THE_TOKEN}
        return signer.sign(told, subgraph, INTERNAL_SECONDS)

    return Badge(sign, signer.jwks())
