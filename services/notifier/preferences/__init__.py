"""What collaborators want to be told, by which channel, how often, and when not."""
