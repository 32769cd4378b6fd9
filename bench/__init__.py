"""Benchmarks against peers, side by side; nothing here is timed by a test."""
