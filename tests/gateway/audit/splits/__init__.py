"""One schema, divided in several ways: the federated answer is the single schema's answer."""
