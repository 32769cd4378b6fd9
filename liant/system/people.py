"""The first organization of a development system, and its collaborators."""

from dataclasses import dataclass
from typing import Literal

ORGANIZATION = "Cabinet Lefèvre & Associés"
LOCALE, TIME_ZONE = "fr", "Europe/Paris"


@dataclass(frozen=True)
class Person:
    """A collaborator to make on a fresh system."""

    name: str
    email: str
    role: Literal["ADMIN", "COLLABORATOR", "READER"]
    department: str
    locale: Literal["fr", "en"]


ADMIN = Person("Amélie Roussel", "amelie.roussel@cabinet-lefevre.example", "ADMIN", "SALES", "fr")
COLLEAGUES = (
    Person("Karim Benali", "karim.benali@cabinet-lefevre.example", "COLLABORATOR", "LEGAL", "fr"),
    Person("Zoë Lefèvre", "zoe.lefevre@cabinet-lefevre.example", "COLLABORATOR", "PAYROLL", "fr"),
    Person("James O'Connor", "james.oconnor@cabinet-lefevre.example", "COLLABORATOR", "SALES", "en"),
    Person("Inès Garnier", "ines.garnier@cabinet-lefevre.example", "READER", "ACCOUNTING", "fr"),
)
