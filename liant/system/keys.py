"""Keys of a development system: the tokens' issuer, the gateway's own, the mail links', the bank details'."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from chassis.auth import INTERNAL_ISSUER, TokenSigner, new_key_file
from liant.system.folder import write_json
from services.contacts.encryption import new_key

ISSUER = "liant-development"
AUDIENCE = "liant-gateway"


@dataclass(frozen=True)
class Keys:
    """Files: private keys as PEM, public ones as JWKS."""

    folder: Path

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Make those that are missing, and write the public halves."""
        keys = cls(folder)
        folder.mkdir(mode=0o700, exist_ok=True)
        for private in (keys.issuer, keys.links, keys.gateway):
            if not private.exists():
                new_key_file(private)
        if not keys.bank.exists():
            keys.bank.touch(mode=0o600)
            keys.bank.write_text(new_key())
        write_json(keys.accepted, _jwks(keys.issuer, keys.links))
        write_json(keys.internal, _jwks(keys.gateway))
        return keys

    @property
    def issuer(self) -> Path:
        """Signs development tokens."""
        return self.folder / "issuer.pem"

    @property
    def links(self) -> Path:
        """Signs the short-lived tokens of whoever holds a mail's link."""
        return self.folder / "links.pem"

    @property
    def gateway(self) -> Path:
        """Signs what subgraphs accept."""
        return self.folder / "gateway.pem"

    @property
    def bank(self) -> Path:
        """Encrypts bank details at rest."""
        return self.folder / "contacts.key"

    @property
    def accepted(self) -> Path:
        """Public keys of the tokens that the gateway takes."""
        return self.folder / "accepted.jwks.json"

    @property
    def internal(self) -> Path:
        """Public key of the tokens that subgraphs take."""
        return self.folder / "internal.jwks.json"

    def token(self, claims: dict[str, str], seconds: float) -> str:
        """A development token for the gateway."""
        return TokenSigner.from_file(self.issuer, ISSUER).sign(claims, AUDIENCE, seconds)


def _jwks(*private: Path) -> dict[str, object]:
    signers = [TokenSigner.from_file(path, INTERNAL_ISSUER) for path in private]
    return {"keys": [key for signer in signers for key in signer.jwks()["keys"]]}
