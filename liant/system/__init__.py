"""One whole system on this machine: its data folder, its addresses, its parts, its first organization."""
