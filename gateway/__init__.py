"""An Apollo Federation v2 gateway: one endpoint over any supergraph's subgraphs."""
