"""What comes back: envelope senders that name their delivery, reports on mails, and what is done about them.

See docs/decisions/0038-sending.md.
"""
