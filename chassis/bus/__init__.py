"""NATS JetStream: the only module that imports nats."""

from chassis.bus.connection import Bus
from chassis.bus.limits import (
    ACK_WAIT_SECONDS,
    CONNECT_SECONDS,
    DEAD_LETTER_HEADERS,
    DEAD_STREAM,
    FOLLOW_SECONDS,
    MAX_ACK_PENDING,
    PING_SECONDS,
    PUBLISH_SECONDS,
)
from chassis.bus.messages import Delivered, Subscription, dead_letter_headers

__all__ = [
    "ACK_WAIT_SECONDS",
    "CONNECT_SECONDS",
    "DEAD_LETTER_HEADERS",
    "DEAD_STREAM",
    "FOLLOW_SECONDS",
    "MAX_ACK_PENDING",
    "PING_SECONDS",
    "PUBLISH_SECONDS",
    "Bus",
    "Delivered",
    "Subscription",
    "dead_letter_headers",
]
