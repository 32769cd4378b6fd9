"""Settings of the deals service."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from chassis.config import ServiceSettings


class DealsSettings(ServiceSettings):
    """`LIANT_DEALS_<NAME>`."""

    part: ClassVar[str] = "deals"

    sweep_seconds: float = Field(default=60, gt=0, description="time between two turns of the alert rules")
    audit_hour: int = Field(
        default=2, ge=0, le=23, description="hour (UTC) of the nightly look of every rule at everything"
    )
    audit_statement_seconds: float = Field(
        default=600, gt=0, description="how long one rule's look at everything may take"
    )
    next_event_seconds: float = Field(
        default=2 * 86_400, gt=0, description="how long an open deal may go without a next event after its last one"
    )
    public_url: str = Field(
        default="http://127.0.0.1:8002", description="where those whom quotes are sent to reach this service's /q"
    )
    quote_links_key_file: Path | None = Field(
        default=None,
        description="key of the links to quotes, the notifier's as well; quotes are not mailed without it",
    )
    quote_sweep_seconds: float = Field(default=300, gt=0, description="time between two looks for quotes that expired")
