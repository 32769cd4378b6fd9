"""Writes on contracts, invoices and payments."""
