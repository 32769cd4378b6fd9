"""The page on which a quote's recipient reads, accepts or refuses it, and its PDF."""

from services.deals.pages.routes import quote_routes

__all__ = ["quote_routes"]
