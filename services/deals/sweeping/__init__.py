"""The sweep of the alert rules: whom a turn looks at, what it writes, and the audit that proves it."""
