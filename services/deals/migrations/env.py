"""Alembic's entry."""

from chassis.migrations import run_env
from services.deals.model import Base

run_env(Base.metadata)
