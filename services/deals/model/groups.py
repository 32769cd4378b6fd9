"""Copy: groups of contacts, as contacts tells of them."""

from chassis.sets import SetCopies
from services.deals.model.base import Base

GROUPS = SetCopies(Base.metadata, "group", "contact")
