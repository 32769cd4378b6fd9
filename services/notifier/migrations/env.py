"""Run by chassis.migrations."""

from chassis.migrations import run_env
from services.notifier.model import NotifierBase

run_env(NotifierBase.metadata)
