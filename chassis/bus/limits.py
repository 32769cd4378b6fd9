"""How long the broker is waited for, what a message's death is told with, and what counts as its absence."""

from nats.errors import ConnectionClosedError, NoRespondersError, NoServersError, OutboundBufferLimitError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.errors import NoStreamResponseError, ServiceUnavailableError

PUBLISH_SECONDS = 5
PING_SECONDS = 10
CONNECT_SECONDS = 5
ACK_WAIT_SECONDS = 30
MAX_ACK_PENDING = 200
FOLLOW_SECONDS = 5
GATHER_SECONDS = 0.03
"""How long what was fetched waits for what comes right after it: many are handled at the cost of a few."""
DEAD_STREAM = "LIANT_DEAD"
DEAD_LETTER_HEADERS = (
    "Nats-Msg-Id",
    "liant-error",
    "liant-consumer",
    "liant-deliveries",
    "liant-stream",
    "liant-subject",
    "liant-sequence",
)
NO_MESSAGE = 10057  # the server's own code
DOWN = (
    NatsTimeout,
    ConnectionClosedError,
    NoRespondersError,
    NoServersError,
    NoStreamResponseError,
    OutboundBufferLimitError,
    ServiceUnavailableError,
    OSError,
)
