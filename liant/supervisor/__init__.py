"""Keeps the parts of a system running: start in order, restart what ends, stop cleanly."""
