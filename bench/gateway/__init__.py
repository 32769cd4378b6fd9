"""Liant's gateway and its peers, side by side: `python -m bench.gateway`."""
