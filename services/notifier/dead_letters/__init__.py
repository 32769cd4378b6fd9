"""Dead letters of each organization: kept from the broker's stream, sent again or discarded by administrators."""
