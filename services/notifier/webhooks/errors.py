"""Refusals about webhooks."""

from chassis.errors import DomainError, WrongState


class WebhooksOff(WrongState):
    """The operators gave no key to make secrets of."""

    code = "WEBHOOKS_OFF"

    def __init__(self) -> None:
        super().__init__("Webhooks are switched off here: LIANT_NOTIFIER_WEBHOOKS_KEY_FILE is not set.")


class AddressNotPublic(DomainError):
    """An endpoint within our own network, or any other that is not public."""

    code = "ADDRESS_NOT_PUBLIC"

    def __init__(self) -> None:
        super().__init__("Its host leads to an address that is not public: give one that the internet reaches.", "url")


class TooManyEndpoints(WrongState):
    """An organization has as many endpoints as it may."""

    code = "TOO_MANY_ENDPOINTS"

    def __init__(self, most: int) -> None:
        super().__init__(f"Your organization has {most} endpoints, the most there may be: delete one first.")
