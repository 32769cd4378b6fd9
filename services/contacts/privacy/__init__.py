"""Persons who ask to be forgotten; see docs/decisions/0025-erasure.md."""
