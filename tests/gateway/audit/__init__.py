"""The gateway's engine against subgraphs that do not forgive: one scenario per federation feature."""
