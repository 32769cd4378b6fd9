"""Settings of the notifier: `LIANT_NOTIFIER_<NAME>`, beside those that every service has."""

from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationInfo, field_validator

from chassis.config import ServiceSettings
from services.notifier.commands.pacing import Limits


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

    dkim_key_file: Path | None = Field(
        default=None, description="RSA private key (PEM) that signs mails; without it, signing is the relay's affair"
    )
    dkim_selector: str = Field(
        default="liant", description="where DNS has the public key: <selector>._domainkey.<domain>"
    )
    dkim_domain: str | None = Field(default=None, description="domain that signs; mail_from's unless set")

    bounce_address: str | None = Field(
        default=None,
        description="name@domain: mails' envelope senders are name+<delivery>@domain, so that what comes back finds "
        "its delivery; without it they are mail_from",
    )
    bounce_key_file: Path | None = Field(
        default=None, validate_default=True, description="key that seals those addresses; needed with bounce_address"
    )
    report_token: SecretStr | None = Field(
        default=None, min_length=16, description="bearer token of POST /mail/reports; the intake is off without it"
    )
    report_bytes: int = Field(default=1_048_576, ge=1024, description="of a report on a mail; more is refused")
    report_days: int = Field(default=45, ge=1, description="after which nothing is believed of a mail any more")
    suppression_days: int = Field(default=30, ge=1, description="how long an address that is gone is left alone")
    complaint_days: int = Field(
        default=365, ge=1, description="how long an address that called a mail spam is left alone"
    )
    recovery_hours: float = Field(
        default=72, gt=0, description="after a mail that nothing comes back of, nothing counts against its address"
    )

    external_connections: int = Field(
        default=2, ge=1, description="connections of one worker for mails to contacts, beside smtp_connections"
    )
    internal_organization_rate: float = Field(
        default=300.0, gt=0, description="mails a second of one organization to its collaborators, all workers together"
    )
    internal_domain_rate: float = Field(
        default=300.0, gt=0, description="mails a second to collaborators at one domain"
    )
    external_organization_rate: float = Field(
        default=10.0, gt=0, description="mails a second of one organization to contacts, all workers together"
    )
    external_domain_rate: float = Field(default=10.0, gt=0, description="mails a second to contacts at one domain")
    burst_seconds: float = Field(default=10.0, gt=0, description="of each rate that may go at once after a pause")
    quote_links_key_file: Path | None = Field(
        default=None, description="key of the links to quotes, that of deals; quotes are not mailed without it"
    )

    public_url: str = Field(
        default="http://127.0.0.1:8003", description="where collaborators reach the notifier's pages"
    )
    accounts_url: str = Field(
        default="http://127.0.0.1:8001", description="where people accept invitations and sign in: the contacts service"
    )
    deals_url: str = Field(
        default="http://127.0.0.1:8002",
        description="where contacts answer invitations: the public address of the deals service",
    )
    gateway_url: str = Field(default="http://127.0.0.1:8000/graphql", description="GraphQL address that the page uses")
    links_key_file: Path | None = Field(
        default=None, description="Ed25519 private key (PEM) that signs the page's tokens; web only"
    )
    links_issuer: str = "liant-links"
    links_audience: str = "liant"
    links_days: int = Field(default=30, ge=1, description="how long a link in a mail opens")

    webhooks_key_file: Path | None = Field(
        default=None, description="key that webhooks' secrets are made of; there are no webhooks without it"
    )
    webhook_http: bool = Field(default=False, description="take http:// endpoints too; for tests")
    webhook_networks: tuple[IPvAnyNetwork, ...] = Field(
        default=(), description="networks that endpoints may be in although they are not public"
    )
    webhook_ca_file: Path | None = Field(default=None, description="certificates to trust instead of the system's")
    webhook_room: int = Field(default=20, ge=1, description="requests that one worker has under way")
    webhook_endpoint_room: int = Field(default=4, ge=1, description="requests under way to one endpoint")
    webhook_seconds: float = Field(default=15.0, gt=0, description="for one request, answer included")
    webhook_answer_bytes: int = Field(default=65_536, ge=1, description="of an answer; more is not read")
    webhook_retry_seconds: tuple[float, ...] = Field(
        default=(5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400),
        description="waits between the tries of one message",
    )
    webhook_disable_days: float = Field(
        default=5, gt=0, description="an endpoint that failed for so long, at every try, is switched off"
    )
    webhook_old_secret_hours: float = Field(
        default=24, ge=0, description="how long the secret before a rotation signs, too"
    )
    webhook_days: int = Field(default=30, ge=1, description="how long messages to endpoints can be replayed")
    dead_letter_days: int = Field(
        default=90, ge=1, description="how long dead letters can be seen; the stream's own age"
    )
    webhook_endpoints: int = Field(default=50, ge=1, description="endpoints of one organization")

    @field_validator("bounce_key_file")
    @classmethod
    def _bounces_have_a_key(cls, file: Path | None, told: ValidationInfo) -> Path | None:
        if told.data.get("bounce_address") and file is None:
            raise ValueError("LIANT_NOTIFIER_BOUNCE_ADDRESS needs a key file")
        return file

    def limits(self, *, outside: bool) -> Limits:
        """The paces of a queue."""
        burst = timedelta(seconds=self.burst_seconds)
        if outside:
            return Limits(self.external_organization_rate, self.external_domain_rate, burst)
        return Limits(self.internal_organization_rate, self.internal_domain_rate, burst)
