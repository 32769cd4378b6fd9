"""From an operation to a plan: graph -> walk -> best -> fetch graph -> plan."""

from gateway.planner.graph import Graph
from gateway.planner.operation import plan_operation
from gateway.planner.plan import Plan

__all__ = ["Graph", "Plan", "plan_operation"]
