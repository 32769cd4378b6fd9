"""The catalogue of alert rules."""

from services.deals.rules.address_bounces import ADDRESS_BOUNCES
from services.deals.rules.base import Rule
from services.deals.rules.client_silent import CLIENT_CONTACT_SILENT, CLIENT_SILENT
from services.deals.rules.close_date_passed import CLOSE_DATE_PASSED
from services.deals.rules.close_date_pushed import CLOSE_DATE_PUSHED
from services.deals.rules.contact_unreachable import CONTACT_UNREACHABLE
from services.deals.rules.contract_ending import CONTRACT_ENDING, CONTRACT_NOTICE
from services.deals.rules.deal_stale_in_stage import DEAL_STALE_IN_STAGE
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT
from services.deals.rules.deal_without_owner import DEAL_WITHOUT_OWNER
from services.deals.rules.instruction_overdue import INSTRUCTION_OVERDUE
from services.deals.rules.invoice_unpaid import INVOICE_UNPAID
from services.deals.rules.no_decision_maker import NO_DECISION_MAKER
from services.deals.rules.probable_duplicate import DUPLICATE_ACCOUNT, DUPLICATE_CONTACT
from services.deals.rules.prospect_without_manager import PROSPECT_CONTACT_WITHOUT_MANAGER, PROSPECT_WITHOUT_MANAGER
from services.deals.rules.quote_unanswered import QUOTE_EXPIRING, QUOTE_UNANSWERED
from services.deals.rules.suspect_not_qualified import SUSPECT_NOT_QUALIFIED

_ALL: tuple[Rule, ...] = (
    DEAL_WITHOUT_NEXT_EVENT,
    DEAL_STALE_IN_STAGE,
    CLOSE_DATE_PASSED,
    CLOSE_DATE_PUSHED,
    INSTRUCTION_OVERDUE,
    DEAL_WITHOUT_OWNER,
    NO_DECISION_MAKER,
    QUOTE_UNANSWERED,
    QUOTE_EXPIRING,
    CONTRACT_ENDING,
    CONTRACT_NOTICE,
    INVOICE_UNPAID,
    PROSPECT_WITHOUT_MANAGER,
    PROSPECT_CONTACT_WITHOUT_MANAGER,
    CONTACT_UNREACHABLE,
    ADDRESS_BOUNCES,
    DUPLICATE_CONTACT,
    DUPLICATE_ACCOUNT,
    CLIENT_SILENT,
    CLIENT_CONTACT_SILENT,
    SUSPECT_NOT_QUALIFIED,
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}
