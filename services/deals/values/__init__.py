"""Values that cannot be wrong inside: parsed at the border, each refusal naming its field."""
