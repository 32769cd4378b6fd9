"""What resolvers find made once for all requests."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from chassis.links import LinkKey
from services.notifier.settings import NotifierSettings
from services.notifier.webhooks.addresses import AddressRefused, Guarded, check_url
from services.notifier.webhooks.errors import AddressNotPublic, WebhooksOff
from services.notifier.webhooks.signing import secret_of, shown


@dataclass(frozen=True)
class Tools:
    """The settings, and what is made of them."""

    settings: NotifierSettings
    key: LinkKey | None
    network: Guarded = field(default_factory=Guarded)

    def secret(self, endpoint: UUID, number: int) -> str:
        """An endpoint's secret, as it is shown. Raises WebhooksOff."""
        return shown(secret_of(self._key(), endpoint, number))

    async def checked_url(self, url: str) -> str:
        """An endpoint's address, looked at as each request will look at it. Raises InvalidInput, AddressNotPublic.

        A name that does not resolve yet is taken: requests to it fail, and are tried again.
        """
        self._key()
        told = check_url(url.strip(), http=self.settings.webhook_http)
        parts = urlsplit(told)
        try:
            await self.network.addresses(str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80))
        except AddressRefused:
            raise AddressNotPublic from None
        except OSError:
            return told
        return told

    def _key(self) -> LinkKey:
        if self.key is None:
            raise WebhooksOff
        return self.key


def tools(settings: NotifierSettings) -> Tools:
    """Of the settings. Raises OSError or ValueError for a key file that cannot be used."""
    file = settings.webhooks_key_file
    return Tools(settings, LinkKey.from_file(file) if file else None, Guarded(settings.webhook_networks))
