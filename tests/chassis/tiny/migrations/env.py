"""Alembic's entry."""

from chassis.migrations import run_env
from tests.chassis.tiny.model import Base

run_env(Base.metadata)
