"""Messages to an organization's own programs: signed (Standard Webhooks), tried again, replayed."""
