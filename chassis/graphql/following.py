"""Subscriptions that the gateway serves itself, from the messages that services publish."""

from chassis.errors import DomainError


class ServedByTheGateway(DomainError):
    """A subscription that was asked of a subgraph instead of the gateway."""

    code = "SERVED_BY_THE_GATEWAY"

    def __init__(self) -> None:
        super().__init__("Subscribe at the gateway: it serves this field from the messages of this service.")
