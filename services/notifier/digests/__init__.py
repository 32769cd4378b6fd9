"""Several deliveries in one mail."""
