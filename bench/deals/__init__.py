"""Benchmarks of the deals service."""
