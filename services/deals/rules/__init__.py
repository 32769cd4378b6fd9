"""The catalogue of alert rules."""

from services.deals.rules.base import Rule
from services.deals.rules.close_date_passed import CLOSE_DATE_PASSED
from services.deals.rules.close_date_pushed import CLOSE_DATE_PUSHED
from services.deals.rules.deal_stale_in_stage import DEAL_STALE_IN_STAGE
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT
from services.deals.rules.deal_without_owner import DEAL_WITHOUT_OWNER
from services.deals.rules.instruction_overdue import INSTRUCTION_OVERDUE

_ALL: tuple[Rule, ...] = (
    DEAL_WITHOUT_NEXT_EVENT,
    DEAL_STALE_IN_STAGE,
    CLOSE_DATE_PASSED,
    CLOSE_DATE_PUSHED,
    DEAL_WITHOUT_OWNER,
    INSTRUCTION_OVERDUE,
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}
