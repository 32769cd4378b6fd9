"""How much one request may ask for: a name, a default and a setting for each limit."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self

from chassis.config import ServiceSettings


@dataclass(frozen=True, slots=True)
class Limits:
    """`LIANT_<PART>_MAX_<NAME>`; see chassis.config.ServiceSettings."""

    page: int = 200
    batch: int = 100
    filter_depth: int = 5
    filter_conditions: int = 100
    filter_values: int = 200
    order_terms: int = 5
    group_terms: int = 3
    groups: int = 1000

    @classmethod
    def of(cls, settings: ServiceSettings) -> Self:
        """The limits that the settings say."""
        return cls(**{name: getattr(settings, f"max_{name}") for name in cls.__slots__})


# Set for each request: parsers of arguments are called where no context is at hand.
_current: ContextVar[Limits | None] = ContextVar("limits", default=None)
_DEFAULT = Limits()


def limits() -> Limits:
    """Those of the request that is being answered; the defaults outside of one."""
    return _current.get() or _DEFAULT


def limit(told: Limits) -> None:
    """Set the limits of the request that begins."""
    _current.set(told)
