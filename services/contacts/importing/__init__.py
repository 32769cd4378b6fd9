"""Bringing an address book in from a file, as a job; see docs/decisions/0020-import.md."""
