"""Keys of a development system: of the tokens' issuer, the gateway, the links in mails, the bank details, webhooks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from chassis.auth import TokenSigner, new_key_file
from liant.system.folder import write_json
from services.contacts.encryption import new_key

ISSUER = "liant-dev"
LINKS_ISSUER = "liant-links"
AUDIENCE = "liant"


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
            write_json(public(private), TokenSigner.from_file(private, ISSUER).jwks())
        for secret in (keys.bank_details, keys.quote_links, keys.webhooks):
            if not secret.exists():
                secret.touch(mode=0o600)
                secret.write_text(new_key() + "\n")
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
    def bank_details(self) -> Path:
        """Seals what the contacts service must not store in clear."""
        return self.folder / "bank-details.key"

    @property
    def quote_links(self) -> Path:
        """Makes the tokens of the links to quotes: deals and the notifier share it."""
        return self.folder / "quote-links.key"

    @property
    def webhooks(self) -> Path:
        """Makes the secrets of webhooks."""
        return self.folder / "webhooks.key"

    def token(self, claims: dict[str, str], seconds: float) -> str:
        """A development token for the gateway."""
        return TokenSigner.from_file(self.issuer, ISSUER).sign(claims, AUDIENCE, seconds)


def public(private: Path) -> Path:
    """Where the public half of a key is, as a JWKS."""
    return private.with_suffix(".jwks.json")
