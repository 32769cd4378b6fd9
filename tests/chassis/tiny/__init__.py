"""The smallest service there can be: notes, and a copy of what contacts says about contacts."""
