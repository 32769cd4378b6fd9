"""Every write of the notifier, one function each."""
