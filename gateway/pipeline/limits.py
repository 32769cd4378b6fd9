"""Every limit on what a request may ask for, each with its setting and its error code.

| limit | setting | code |
| --- | --- | --- |
| body bytes | max_body_bytes | REQUEST_TOO_LARGE |
| document bytes | max_document_bytes | DOCUMENT_TOO_LARGE |
| tokens, nesting | max_tokens | DOCUMENT_TOO_COMPLEX |
| depth | max_depth | DEPTH_LIMIT |
| aliases | max_aliases | ALIAS_LIMIT |
| root fields | max_root_fields | ROOT_FIELD_LIMIT |
| directives | max_directives | DIRECTIVE_LIMIT |
| overlapping fields, which make validation slow | max_overlap | OVERLAP_LIMIT |
| size of one list | max_list_size | LIST_SIZE_LIMIT |
| estimated cost | max_cost | COST_LIMIT |
| requests per second | max_rate, max_address_rate | RATE_LIMIT |
| operations in a batch | max_batch | BATCH_LIMIT |
| subscriptions of one connection | max_subscriptions | SUBSCRIPTION_LIMIT |
"""

from gateway.config import Limits
from gateway.pipeline.cost import Cost
from gateway.pipeline.lru import LRU
from gateway.pipeline.refused import Refused
from gateway.pipeline.shape import Shape


class LimitExceeded(Refused):
    """A limit on the document; the message names the limit and its value."""

    of_document = True

    def __init__(self, code: str, what: str, limit: float) -> None:
        super().__init__(f"The operation passes the limit of {limit:g} {what}.")
        self.code = code


class RequestTooLarge(Refused):
    """The body is larger than the limit."""

    code = "REQUEST_TOO_LARGE"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than {limit} bytes.")


class RateExceeded(Refused):
    """Too many requests by one actor."""

    code = "RATE_LIMIT"
    status = 429
    headers = ((b"retry-after", b"1"),)

    def __init__(self) -> None:
        super().__init__("Too many requests: wait a moment.")


class BatchTooLarge(Refused):
    """More operations in one request than the limit."""

    code = "BATCH_LIMIT"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A batch must hold 1 to {limit} operations.")


def check_shape(shape: Shape, limits: Limits) -> None:
    """Refuse what would be costly even to validate. Raises `LimitExceeded`."""
    for code, what, value, limit in (
        ("ROOT_FIELD_LIMIT", "root fields", shape.root_fields, limits.max_root_fields),
        ("DEPTH_LIMIT", "nested fields", shape.depth, limits.max_depth),
        ("ALIAS_LIMIT", "aliases", shape.aliases, limits.max_aliases),
        ("DIRECTIVE_LIMIT", "directives", shape.directives, limits.max_directives),
        ("OVERLAP_LIMIT", "overlapping fields", shape.overlap, limits.max_overlap),
    ):
        if limit and value > limit:
            raise LimitExceeded(code, what, limit)


def check_cost(cost: Cost, limits: Limits) -> None:
    """Refuse an operation with its variables. Raises `LimitExceeded`."""
    if limits.max_list_size and cost.largest_list > limits.max_list_size:
        raise LimitExceeded("LIST_SIZE_LIMIT", "items in one list", limits.max_list_size)
    if limits.max_cost and cost.objects > limits.max_cost:
        raise LimitExceeded("COST_LIMIT", "estimated objects", limits.max_cost)


class RateLimiter:
    """A token bucket for each actor, holding two seconds' worth; those not seen for longest are forgotten."""

    KNOWN_ACTORS = 10_000

    __slots__ = ("_buckets", "_burst", "_rate")

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._burst = max(2 * rate, 1)
        self._buckets: LRU[str, list[float]] = LRU(self.KNOWN_ACTORS)

    def admit(self, actor: str, now: float) -> None:
        """Take one request out of the actor's bucket. Raises `RateExceeded`."""
        if not self._rate:
            return
        bucket = self._buckets.get(actor)
        if bucket is None:
            self._buckets.put(actor, [self._burst - 1, now])
            return
        left = min(self._burst, bucket[0] + (now - bucket[1]) * self._rate)
        bucket[1] = now
        if left < 1:
            bucket[0] = left
            raise RateExceeded
        bucket[0] = left - 1
