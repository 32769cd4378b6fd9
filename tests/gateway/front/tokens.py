"""An issuer for tests: its keys, its tokens, and the settings that trust it."""

import json
import time
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from chassis.auth import TokenSigner, new_key_file
from gateway.config import Identity

ISSUER = "https://issuer.example"
AUDIENCE = "liant"


class Issuer:
    """Signs with an Ed25519 key of its own."""

    def __init__(self, folder: Path, name: str = "issuer") -> None:
        self.key_file = folder / f"{name}.pem"
        new_key_file(self.key_file)
        self.signer = TokenSigner.from_file(self.key_file, ISSUER)
        self.jwks_file = folder / f"{name}.jwks.json"
        self.jwks_file.write_text(json.dumps(self.signer.jwks()))

    def token(self, seconds: float = 300, audience: str = AUDIENCE, **claims: Any) -> str:
        return self.signer.sign({"sub": "ada", "org": "acme", "role": "ADMIN", **claims}, audience, seconds)

    def headers(self, **claims: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(**claims)}"}

    def trusted(self, **more: Any) -> Identity:
        """Settings that accept this issuer's tokens, and sign internal ones with its key."""
        given = {"jwks_file": self.jwks_file, "signing_key_file": self.key_file, **more}
        return Identity(issuer=ISSUER, audience=AUDIENCE, **given)


def rsa_key() -> tuple[rsa.RSAPrivateKey, dict[str, Any]]:
    """An RS256 key and its JWKS."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return key, {"keys": [{**public, "kid": "r1", "alg": "RS256", "use": "sig"}]}


def rs256(key: rsa.RSAPrivateKey, **claims: Any) -> str:
    now = int(time.time())
    body = {"sub": "ada", "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 300, **claims}
    return jwt.encode(body, key, algorithm="RS256", headers={"kid": "r1"})
