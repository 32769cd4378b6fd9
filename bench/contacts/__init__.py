"""Benchmarks of the contacts service."""
