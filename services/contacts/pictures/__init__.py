"""Photos of people and logos of companies: taken in, made harmless, kept, shown."""
