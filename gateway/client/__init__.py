"""How the gateway reaches a subgraph: address → pool → connection, kept by time-outs, a retry budget, a breaker."""
