"""Kills, outages and relays that misbehave; then a checker proves what must hold. See docs/reliability.md."""
