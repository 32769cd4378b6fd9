"""`python -m liant`."""

from liant.cli import main

main()
