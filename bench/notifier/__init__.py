"""From a committed event to the relay's 250: latency, throughput against bare aiosmtplib, memory under a backlog."""
