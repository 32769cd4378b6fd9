"""One module per command of `liant`."""
