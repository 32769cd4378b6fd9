"""Operations whose results come one by one: sources of events (a subgraph, NATS), each completed by federation."""
