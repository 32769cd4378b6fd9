"""The catalogue of alert rules."""

from services.deals.rules.base import Rule
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT

RULES: dict[str, Rule] = {rule.name: rule for rule in (DEAL_WITHOUT_NEXT_EVENT,)}
