"""Reading an address book by what its name says it is."""

from pathlib import Path

from liant.addressbook.card import AddressBook
from liant.addressbook.google import read_google_csv
from liant.addressbook.vcard import read_vcards

READERS = {".vcf": read_vcards, ".vcard": read_vcards, ".csv": read_google_csv}


class UnknownFormat(Exception):
    """Neither a vCard file nor a CSV."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} is not read: give a vCard file (.vcf) or Google's CSV (.csv).")


def read_file(path: Path) -> AddressBook:
    """The people in a file. Raises UnknownFormat, NotGoogleCsv, OSError."""
    reader = READERS.get(path.suffix.casefold())
    if reader is None:
        raise UnknownFormat(path)
    return reader(_decoded(path.read_bytes()))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what spreadsheets on French Windows write
