"""What one wants to be told, and what holds."""

from services.notifier.schema.preferences.mutations import PreferenceMutations
from services.notifier.schema.preferences.queries import PreferenceQueries, Whom, readable

__all__ = ["PreferenceMutations", "PreferenceQueries", "Whom", "readable"]
