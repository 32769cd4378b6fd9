"""What comes back of mails."""
