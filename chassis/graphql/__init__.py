"""What the three schemas share: ids, errors, connections, filters, context."""
