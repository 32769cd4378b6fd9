"""Bounds retries to a share of the traffic, so that they never multiply an outage."""


class RetryBudget:
    """Each request earns a fraction of a retry, each retry spends one; a small reserve serves quiet times."""

    __slots__ = ("_balance", "_earned", "_reserve")

    def __init__(self, share: float = 0.1, reserve: float = 10.0) -> None:
        self._earned = share
        self._reserve = reserve
        self._balance = reserve

    def earn(self) -> None:
        """Note a request that was sent for the first time."""
        if self._balance < self._reserve:
            self._balance += self._earned

    def spend(self) -> bool:
        """Take one retry, if there is one left."""
        if self._balance < 1:
            return False
        self._balance -= 1
        return True
