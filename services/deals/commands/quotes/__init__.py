"""Writes on the catalogue, quotes and what follows from them."""
