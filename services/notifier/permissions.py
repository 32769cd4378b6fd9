"""Who may do what: the one place that says it. Every query and mutation of the schema names one of these rules."""

from chassis.auth import Role
from chassis.permissions import Permission
from chassis.plans import Feature


class Rule(Permission):
    """What is asked for, in words that end "your role does not allow you to", the least role, the plan's feature."""

    READ_DELIVERIES = ("read the delivery log", Role.READER)
    READ_OWN = ("read what you are told", Role.READER)
    # Whoever gets mail may stop it, whatever their role and the organization's plan.
    CHOOSE_OWN = ("choose what you are told", Role.READER)
    CHOOSE_DEFAULTS = ("choose what everybody is told", Role.ADMIN)

    READ_SUPPRESSIONS = ("read which addresses are left alone", Role.ADMIN)
    LIFT_SUPPRESSIONS = ("lift the suppression of an address", Role.ADMIN)
    READ_DEAD_LETTERS = ("read which messages were given up on", Role.ADMIN)
    SETTLE_DEAD_LETTERS = ("send messages again that were given up on", Role.ADMIN)
    READ_PUBLICATIONS = ("read publications", Role.READER)
    PUBLISH = ("publish", Role.COLLABORATOR, Feature.PUBLICATIONS)
    # Whatever the plan: what was published can be stopped.
    WITHDRAW = ("withdraw publications", Role.COLLABORATOR)
    READ_FEED = ("read what is published to you", Role.READER)
    ANSWER = ("answer what is published to you", Role.READER)
    MANAGE_UNSUBSCRIPTIONS = ("manage who wants no campaigns", Role.COLLABORATOR)
    ADD_WEBHOOKS = ("make webhooks", Role.ADMIN, Feature.WEBHOOKS)
    # Whatever the plan: what was made can be seen, and stopped.
    MANAGE_WEBHOOKS = ("manage webhooks", Role.ADMIN)

    def __init__(self, what: str, least: Role, feature: Feature | None = None) -> None:
        super().__init__(what, least, feature)
