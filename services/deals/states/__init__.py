"""State machines, pure: what may follow what."""
