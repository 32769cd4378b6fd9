"""Every SELECT of the deals service."""
