"""Address books as programs write them: bytes to cards. Pure: no database, no network, memory that does not grow."""
