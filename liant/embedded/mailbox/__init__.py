"""A mailbox for development and tests: an SMTP server that keeps every mail, and pages to read them."""
