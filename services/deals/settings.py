"""Settings of the deals service."""

from typing import ClassVar

from pydantic import Field

from chassis.config import ServiceSettings


class DealsSettings(ServiceSettings):
    """`LIANT_DEALS_<NAME>`."""

    part: ClassVar[str] = "deals"

    sweep_seconds: float = Field(default=60, gt=0, description="time between two turns of the alert rules")
    next_event_seconds: float = Field(
        default=2 * 86_400, gt=0, description="how long an open deal may go without a next event after its last one"
    )
