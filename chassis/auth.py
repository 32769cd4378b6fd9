"""Who asks: tokens in and out (JWT, RFC 7519; keys as JWKS, RFC 7517), and the Actor that a service trusts."""

import asyncio
import json
import time
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.identifiers import format_id, parse_id

ALGORITHMS = ["EdDSA", "RS256"]
INTERNAL_ISSUER = "liant-gateway"
INTERNAL_SECONDS = 60
JWKS_SECONDS = 300
JWKS_TIMEOUT_SECONDS = 5
LEEWAY_SECONDS = 5
DOORS_AUDIENCE = "liant-doors"
"""Of the links that let somebody in: invitations and signing in. No gateway accepts it."""


class Role(StrEnum):
    """What a collaborator may do, from least to most."""

    READER = "READER"
    COLLABORATOR = "COLLABORATOR"
    ADMIN = "ADMIN"


@dataclass(frozen=True, slots=True)
class Actor:
    """In whose name something is done. `collaborator` is None where the system itself acts.

    `person` is who signed in, across organizations, and `proven_at` (Unix time) when: of tokens that signing in gave.
    `portfolio` names the collaborators whose contacts, accounts and deals are all that is seen; None sees everything.
    """

    organization: UUID
    collaborator: UUID | None
    role: Role
    person: UUID | None = None
    proven_at: int = 0
    portfolio: tuple[UUID, ...] | None = None

    @classmethod
    def system(cls, organization: UUID) -> Self:
        """The system acting within one organization: a message's handler, a sweep."""
        return cls(organization, None, Role.ADMIN)

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Self:
        """The actor in a verified token's claims `org`, `sub`, `role`. Raises TokenRefused."""
        try:
            return cls(
                parse_id("organization", str(claims["org"])),
                parse_id("collaborator", str(claims["sub"])),
                Role(claims["role"]),
                parse_id("person", str(claims["person"])) if "person" in claims else None,
                int(claims.get("auth_time", 0)),
            )
        except Exception as error:
            raise TokenRefused("TOKEN_INVALID", "The token names no organization, collaborator and role.") from error

    def claims(self) -> dict[str, Any]:
        """The claims that say who this is. The system has no token."""
        if self.collaborator is None:
            raise ValueError("the system carries no token")
        told = {
            "org": format_id("organization", self.organization),
            "sub": format_id("collaborator", self.collaborator),
            "role": self.role.value,
        }
        if self.person is None:
            return told
        return {**told, "person": format_id("person", self.person), "auth_time": self.proven_at}


class TokenRefused(Exception):
    """A token that is missing, expired, foreign or malformed; `code` is fixed, the message is for the caller."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class TokenSigner:
    """Signs tokens with one Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey, issuer: str) -> None:
        self.issuer = issuer
        self._key = key
        self._kid = key_id(key)

    @classmethod
    def from_file(cls, path: Path, issuer: str) -> Self:
        """Read a PEM private key (PKCS 8)."""
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{path} holds no Ed25519 private key")
        return cls(key, issuer)

    def sign(self, claims: Mapping[str, Any], audience: str, seconds: float) -> str:
        """A token of this issuer for one audience, valid for so many seconds."""
        now = int(time.time())
        body = {**claims, "iss": self.issuer, "aud": audience, "iat": now, "exp": now + int(seconds)}
        return jwt.encode(body, self._key, algorithm="EdDSA", headers={"kid": self._kid})

    def verify(self, token: str, audience: str) -> dict[str, Any]:
        """The claims of a token of this very signer. Raises TokenRefused with TOKEN_EXPIRED or TOKEN_INVALID."""
        try:
            key = self._key.public_key()
            return jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=audience,
                issuer=self.issuer,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenRefused("TOKEN_EXPIRED", "The token has expired.") from error
        except jwt.PyJWTError as error:
            raise TokenRefused("TOKEN_INVALID", "The token is not valid.") from error

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": "EdDSA"}]}


def new_key_file(path: Path) -> None:
    """Write a new Ed25519 private key as PEM, readable by its owner alone."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(pem)


def key_id(key: Ed25519PrivateKey) -> str:
    """A short stable name of a key: the first bytes of its public half."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return raw[:8].hex()


@dataclass(slots=True)
class TrustedIssuer:
    """An issuer whose tokens are accepted, with where its public keys are: a JWKS file or an https address."""

    name: str
    audience: str
    jwks_file: Path | None = None
    jwks_url: str | None = None
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _loaded: float = 0.0

    async def key(self, kid: str) -> jwt.PyJWK:
        """The key of this id; the set is read again when it is old, or when a new id shows up."""
        if time.monotonic() - self._loaded > JWKS_SECONDS or (kid not in self._keys and self._may_reload()):
            await self._reload()
        try:
            return self._keys[kid]
        except KeyError:
            raise TokenRefused("TOKEN_INVALID", "The token is signed by an unknown key.") from None

    def _may_reload(self) -> bool:
        return time.monotonic() - self._loaded > 1

    async def _reload(self) -> None:
        try:
            text = await asyncio.to_thread(self._read)
            self._keys = {key.key_id or "": key for key in jwt.PyJWKSet.from_json(text).keys}
        except (OSError, jwt.PyJWTError, ValueError) as error:
            if not self._keys:
                raise TokenRefused("KEYS_UNAVAILABLE", "The issuer's keys cannot be read; try again later.") from error
        self._loaded = time.monotonic()

    def _read(self) -> str:
        if self.jwks_file is not None:
            return self.jwks_file.read_text()
        if self.jwks_url is None or not self.jwks_url.startswith(("https://", "http://")):
            raise ValueError(f"issuer {self.name} has neither a JWKS file nor an http(s) address")
        with urllib.request.urlopen(self.jwks_url, timeout=JWKS_TIMEOUT_SECONDS) as answer:  # noqa: S310  # checked above
            return str(answer.read(1 << 20), "utf-8")


class TokenVerifier:
    """Accepts tokens of the issuers it trusts, and of no other."""

    def __init__(self, issuers: Iterable[TrustedIssuer]) -> None:
        self._issuers = {issuer.name: issuer for issuer in issuers}

    async def verify(self, token: str) -> dict[str, Any]:
        """The claims of a valid token. Raises TokenRefused with TOKEN_EXPIRED, TOKEN_INVALID or KEYS_UNAVAILABLE."""
        try:
            header = jwt.get_unverified_header(token)
            name = jwt.decode(token, options={"verify_signature": False}).get("iss")
            issuer = self._issuers.get(str(name))
            if issuer is None or header.get("alg") not in ALGORITHMS:
                raise TokenRefused("TOKEN_INVALID", "The token's issuer or algorithm is not accepted here.")
            key = await issuer.key(str(header.get("kid", "")))
            return self._decode(token, key, issuer)
        except jwt.ExpiredSignatureError as error:
            raise TokenRefused("TOKEN_EXPIRED", "The token has expired: sign in again.") from error
        except jwt.PyJWTError as error:
            raise TokenRefused("TOKEN_INVALID", "The token is not valid.") from error

    @staticmethod
    def _decode(token: str, key: jwt.PyJWK, issuer: TrustedIssuer) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=issuer.audience,
            issuer=issuer.name,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "aud", "iss", "sub"]},
        )
