"""What an organization publishes: to its people, to those who follow it, and, as a campaign, to groups of contacts."""
