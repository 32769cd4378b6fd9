"""`python -m services.contacts migrate | web | worker | rebuild | bootstrap | groups`."""

import sys

from services.contacts.bootstrap import bootstrap
from services.contacts.groups.retelling import groups
from services.contacts.service import SERVICE

if __name__ == "__main__":
    SERVICE.main(sys.argv[1:], bootstrap=lambda: bootstrap(sys.argv[2:]), groups=groups)
