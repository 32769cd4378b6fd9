"""Who may do what: the one place that says it. Every query and mutation of the schema has a right here."""

from chassis.auth import Role
from chassis.permissions import Permission, check
from chassis.plans import Feature

__all__ = ["MUTATIONS", "QUERIES", "Right", "check"]


class Right(Permission):
    """What is asked for, in words that end "your role does not allow you to", the least role, the plan's feature."""

    READ = ("read your organization's deals", Role.READER)
    WRITE_DEALS = ("change deals", Role.COLLABORATOR)
    DESIGN_PIPELINES = ("change pipelines", Role.ADMIN)
    WRITE_EVENTS = ("write events", Role.COLLABORATOR)
    MANAGE_ALERTS = ("change the alert rules", Role.ADMIN, Feature.ALERTS)
    HANDLE_ALERTS = ("take charge of alerts", Role.COLLABORATOR, Feature.ALERTS)
    WRITE_QUOTES = ("change the catalogue and quotes", Role.COLLABORATOR)
    WRITE_BILLING = ("change contracts and invoices", Role.COLLABORATOR)
    SET_LETTERHEAD = ("say who your organization is on paper", Role.ADMIN)

    def __init__(self, what: str, least: Role, feature: Feature | None = Feature.DEALS) -> None:
        super().__init__(what, least, feature)


QUERIES = {
    "deal": Right.READ,
    "deals": Right.READ,
    "dealAggregate": Right.READ,
    "event": Right.READ,
    "message": Right.READ,
    "messages": Right.READ,
    "alert": Right.READ,
    "comment": Right.READ,
    "alerts": Right.READ,
    "alertAggregate": Right.READ,
    "alertSettings": Right.READ,
    "alertRehearsal": Right.READ,
    "health": Right.READ,
    "portfolios": Right.READ,
    "alertExclusions": Right.READ,
    "pipelines": Right.READ,
    "board": Right.READ,
    "myDay": Right.READ,
    "myFollowRules": Right.READ,
    "pipelineMetrics": Right.READ,
    "forecast": Right.READ,
    **dict.fromkeys(
        ("letterhead", "product", "products", "quote", "quotes", "quoteSums", "quoteRequest", "quoteRequests"),
        Right.READ,
    ),
    **dict.fromkeys(("contract", "contracts", "invoice", "invoices", "invoiceSums"), Right.READ),
}

MUTATIONS = {
    "createPipeline": Right.DESIGN_PIPELINES,
    "updatePipeline": Right.DESIGN_PIPELINES,
    "archivePipeline": Right.DESIGN_PIPELINES,
    "restorePipeline": Right.DESIGN_PIPELINES,
    "addStage": Right.DESIGN_PIPELINES,
    "updateStage": Right.DESIGN_PIPELINES,
    "removeStage": Right.DESIGN_PIPELINES,
    "reorderStages": Right.DESIGN_PIPELINES,
    "createDeal": Right.WRITE_DEALS,
    "createDeals": Right.WRITE_DEALS,
    "updateDeal": Right.WRITE_DEALS,
    "updateDeals": Right.WRITE_DEALS,
    "moveDealToStage": Right.WRITE_DEALS,
    "moveDealToPipeline": Right.WRITE_DEALS,
    "moveDealsToStage": Right.WRITE_DEALS,
    "changeDealPhase": Right.WRITE_DEALS,
    "changeDealsPhase": Right.WRITE_DEALS,
    "convertLead": Right.WRITE_DEALS,
    "addDocument": Right.WRITE_DEALS,
    "removeDocument": Right.WRITE_DEALS,
    "chooseToFollow": Right.WRITE_DEALS,
    "dropFollowRule": Right.WRITE_DEALS,
    "followDeal": Right.WRITE_DEALS,
    "unfollowDeal": Right.WRITE_DEALS,
    "addParticipant": Right.WRITE_DEALS,
    "removeParticipant": Right.WRITE_DEALS,
    "writeNote": Right.WRITE_EVENTS,
    "writeNotes": Right.WRITE_EVENTS,
    "planAppointment": Right.WRITE_EVENTS,
    "planAppointments": Right.WRITE_EVENTS,
    "giveInstruction": Right.WRITE_EVENTS,
    "giveInstructions": Right.WRITE_EVENTS,
    "updateEvent": Right.WRITE_EVENTS,
    "updateEvents": Right.WRITE_EVENTS,
    "cancelEvent": Right.WRITE_EVENTS,
    "cancelEvents": Right.WRITE_EVENTS,
    "completeTask": Right.WRITE_EVENTS,
    "writeComment": Right.WRITE_EVENTS,
    "editComment": Right.WRITE_EVENTS,
    "deleteComment": Right.WRITE_EVENTS,
    "writeMessage": Right.WRITE_EVENTS,
    "reopenTask": Right.WRITE_EVENTS,
    "checkTaskItem": Right.WRITE_EVENTS,
    "moveOccurrence": Right.WRITE_EVENTS,
    "cancelOccurrence": Right.WRITE_EVENTS,
    "answerInvitation": Right.WRITE_EVENTS,
    "completeTasks": Right.WRITE_EVENTS,
    "setLetterhead": Right.SET_LETTERHEAD,
    "createProduct": Right.WRITE_QUOTES,
    "updateProduct": Right.WRITE_QUOTES,
    "setDealLines": Right.WRITE_DEALS,
    "draftQuote": Right.WRITE_QUOTES,
    "updateQuote": Right.WRITE_QUOTES,
    "reviseQuote": Right.WRITE_QUOTES,
    "withdrawQuote": Right.WRITE_QUOTES,
    "extendQuote": Right.WRITE_QUOTES,
    "sendQuote": Right.WRITE_QUOTES,
    "answerQuote": Right.WRITE_QUOTES,
    "retryQuoteAcceptance": Right.WRITE_QUOTES,
    "draftQuoteRequest": Right.WRITE_QUOTES,
    "stepQuoteRequest": Right.WRITE_QUOTES,
    "recordSupplierAnswer": Right.WRITE_QUOTES,
    "createContract": Right.WRITE_BILLING,
    "updateContract": Right.WRITE_BILLING,
    "changeContractStatus": Right.WRITE_BILLING,
    "createInvoice": Right.WRITE_BILLING,
    "updateInvoice": Right.WRITE_BILLING,
    "issueInvoice": Right.WRITE_BILLING,
    "creditInvoice": Right.WRITE_BILLING,
    "cancelInvoice": Right.WRITE_BILLING,
    "recordPayment": Right.WRITE_BILLING,
    **dict.fromkeys(("createProducts", "updateProducts", "draftQuotes", "draftQuoteRequests"), Right.WRITE_QUOTES),
    **dict.fromkeys(("createContracts", "createInvoices", "issueInvoices", "recordPayments"), Right.WRITE_BILLING),
    "takeChargeOfAlert": Right.HANDLE_ALERTS,
    "takeChargeOfAlerts": Right.HANDLE_ALERTS,
    "resolveAlert": Right.HANDLE_ALERTS,
    "resolveAlerts": Right.HANDLE_ALERTS,
    "dismissAlert": Right.HANDLE_ALERTS,
    "dismissAlerts": Right.HANDLE_ALERTS,
    "snoozeAlert": Right.HANDLE_ALERTS,
    "snoozeAlerts": Right.HANDLE_ALERTS,
    "setAlertCalendar": Right.MANAGE_ALERTS,
    "addClosure": Right.MANAGE_ALERTS,
    "removeClosure": Right.MANAGE_ALERTS,
    "updateAlertRule": Right.MANAGE_ALERTS,
    "applySuggestion": Right.HANDLE_ALERTS,
    "excludeFromAlerts": Right.HANDLE_ALERTS,
    "includeInAlerts": Right.HANDLE_ALERTS,
}
