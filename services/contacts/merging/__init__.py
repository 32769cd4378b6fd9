"""Two records that are one: merged, and taken apart again; see docs/decisions/0024."""
