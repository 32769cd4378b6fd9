"""The supergraph as the planner sees it: what each subgraph can resolve, and the schema clients see."""

from gateway.supergraph.load import load_supergraph
from gateway.supergraph.model import Supergraph

__all__ = ["Supergraph", "load_supergraph"]
