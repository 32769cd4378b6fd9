"""What the settings say of bounces."""

from datetime import timedelta

from chassis.links import LinkKey
from services.notifier.bounces.verp import Verp
from services.notifier.commands.bouncing import Terms
from services.notifier.settings import NotifierSettings


def terms_of(settings: NotifierSettings) -> Terms:
    """How long addresses are left alone."""
    return Terms(timedelta(days=settings.suppression_days), timedelta(days=settings.complaint_days))


def verp_of(settings: NotifierSettings) -> Verp | None:
    """The envelope senders; None where bounces are not asked for. Raises OSError, ValueError for settings amiss."""
    if settings.bounce_address is None or settings.bounce_key_file is None:
        return None
    return Verp(settings.bounce_address, LinkKey.from_file(settings.bounce_key_file))
