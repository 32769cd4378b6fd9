"""Alembic's entry."""

from chassis.migrations import run_env
from services.contacts.model import Base

run_env(Base.metadata)
