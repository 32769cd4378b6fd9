"""Contacts and accounts that may be there twice: scored, explained, found; see docs/decisions/0024."""
