"""Settings of the notifier: `LIANT_NOTIFIER_<NAME>`, beside those that every service has."""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, SecretStr

from chassis.config import ServiceSettings


class NotifierSettings(ServiceSettings):
    """The relay, what mails say of where they come from, and the links."""

    part: ClassVar[str] = "notifier"

    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="none only for a relay on the same machine"
    )
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_ca_file: Path | None = Field(default=None, description="certificates to trust instead of the system's")
    smtp_connections: int = Field(
        default=4, ge=1, description="connections of one worker; the most mails in doubt after a crash"
    )
    smtp_timeout: float = Field(default=60.0, gt=0, description="seconds for one answer of the relay")

    retry_seconds: float = Field(default=300.0, gt=0, description="before the second try of a mail the relay deferred")

    lease_seconds: float = Field(
        default=15.0, gt=0, description="how long after a worker's death its mails are taken up by another"
    )

    mail_from: str = Field(default="liant@localhost", description="address that mails come from")
    mail_domain: str = Field(
        default="liant.localhost", description="domain of message ids and calendar UIDs; never change it"
    )

    external_connections: int = Field(
        default=2, ge=1, description="connections of one worker for mails to contacts, beside smtp_connections"
    )
    quote_links_key_file: Path | None = Field(
        default=None, description="key of the links to quotes, that of deals; quotes are not mailed without it"
    )

    public_url: str = Field(
        default="http://127.0.0.1:8003", description="where collaborators reach the notifier's pages"
    )
    accounts_url: str = Field(
        default="http://127.0.0.1:8001", description="where people accept invitations and sign in: the contacts service"
    )
    gateway_url: str = Field(default="http://127.0.0.1:8000/graphql", description="GraphQL address that the page uses")
    links_key_file: Path | None = Field(
        default=None, description="Ed25519 private key (PEM) that signs the page's tokens; web only"
    )
    links_issuer: str = "liant-links"
    links_audience: str = "liant"
    links_days: int = Field(default=30, ge=1, description="how long a link in a mail opens")
