"""Is it the database that is away, or a fault of ours?"""

from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_AWAY = ("08", "53", "57P")


def is_outage(error: BaseException) -> bool:
    """Whether the database is away or full (SQLSTATE classes 08, 53 and 57P), as opposed to a fault of ours."""
    if isinstance(error, OSError | TimeoutError | PoolTimeout | InterfaceError):
        return True
    if not isinstance(error, DBAPIError):
        return str(getattr(error, "sqlstate", "")).startswith(_AWAY)
    return error.connection_invalidated or str(getattr(error.orig, "sqlstate", "")).startswith(_AWAY)
