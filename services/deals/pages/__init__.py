"""The pages that people outside open from mails: a quote to answer, with its PDF; an invitation to answer."""

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from chassis.database import Database
from chassis.pages import WrongTokens, look
from services.deals.pages.invitations import InvitationPages
from services.deals.pages.quotes import QuotePages
from services.deals.tools import Tools

__all__ = ["page_routes"]


def page_routes(database: Database, system: AsyncEngine, tools: Tools) -> list[BaseRoute]:
    """The routes that the web part adds."""
    wrong = WrongTokens()
    pages = (QuotePages(database, system, tools, wrong), InvitationPages(database, tools, wrong))
    return [*(route for one in pages for route in one.routes()), *look()]
