"""What `liant doctor` looks at: parts, servers, the way of a message and of a mail."""
