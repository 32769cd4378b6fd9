"""What a link in a mail opens: a static page, the exchange of its token, and unsubscribing."""

from services.notifier.pages.routes import page_routes

__all__ = ["page_routes"]
