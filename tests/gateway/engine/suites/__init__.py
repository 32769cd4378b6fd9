"""Suites in the manner of the federation audit, one feature each."""
