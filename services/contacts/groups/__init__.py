"""Groups of contacts: what defines them, who is in them, and how that is kept and told."""
