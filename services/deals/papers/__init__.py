"""Quotes on paper: PDF by Typst, of data alone; no user's text is ever part of its program."""
