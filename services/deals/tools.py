"""What resolvers and pages find made once for all requests."""

from dataclasses import dataclass

from chassis.links import LinkKey
from services.deals.commands.quotes.sending import Office
from services.deals.papers.quotes import pdf_of
from services.deals.settings import DealsSettings


@dataclass(frozen=True, slots=True)
class Tools:
    """`pages_url`: what the token of a quote's page follows."""

    office: Office

    @property
    def pages_url(self) -> str:
        """Where quotes are seen."""
        return self.office.pages_url


def tools(settings: DealsSettings) -> Tools:
    """Of the settings. Raises OSError or ValueError for a key file that cannot be used."""
    file = settings.quote_links_key_file
    pages = f"{settings.public_url.rstrip('/')}/q/"
    return Tools(Office(pdf_of, pages, LinkKey.from_file(file) if file else None))
