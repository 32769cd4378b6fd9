"""The catalogue of metrics that services share (Prometheus). Names: liant_<part>_<thing>_<unit>."""

from prometheus_client import Counter, Gauge, Histogram

OUTBOX_PUBLISHED = Counter("liant_outbox_published_total", "Messages the broker stored", ["service"])
OUTBOX_REFUSED = Counter("liant_outbox_refused_total", "Messages the broker refused", ["service"])
INBOX_HANDLED = Counter("liant_inbox_handled_total", "Messages handled", ["service", "type"])
INBOX_DUPLICATES = Counter("liant_inbox_duplicates_total", "Messages that had come before", ["service"])
INBOX_FAILED = Counter("liant_inbox_failed_total", "Attempts at a message that failed", ["service", "type"])
INBOX_DEAD = Counter("liant_inbox_dead_total", "Messages sent to the dead letters", ["service"])
INBOX_SECONDS = Histogram("liant_inbox_handling_seconds", "Time to handle one message", ["service"])
INBOX_LAG = Gauge("liant_inbox_pending_messages", "Messages a consumer has yet to take", ["service", "stream"])
GRAPHQL_SECONDS = Histogram("liant_graphql_request_seconds", "Time to answer a subgraph request", ["service"])
GRAPHQL_FAULTS = Counter("liant_graphql_faults_total", "Unexpected errors masked to the caller")
