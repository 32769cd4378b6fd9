"""The servers that `liant up`, `liant demo` and the tests bring along: PostgreSQL, NATS and a mailbox."""
