"""One search over contacts and accounts; see docs/decisions/0021-search.md."""
