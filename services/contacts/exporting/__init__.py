"""Contacts written to files, a page at a time: CSV for spreadsheets, vCard 4.0 for telephones and mail programs."""
