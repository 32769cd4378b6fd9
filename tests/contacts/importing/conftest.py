"""A desk where address books are brought in."""

import pytest

from tests.contacts.house import Office
from tests.contacts.importing.jobs import Desk


@pytest.fixture
def desk(office: Office) -> Desk:
    """In a fresh organization."""
    return Desk(office)
