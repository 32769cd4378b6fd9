"""`python -m services.contacts migrate | web | worker | rebuild | bootstrap | plan | groups`."""

import sys

from services.contacts.bootstrap import bootstrap
from services.contacts.groups.retelling import groups
from services.contacts.operating import plan
from services.contacts.service import SERVICE

if __name__ == "__main__":
    arguments = sys.argv[2:]
    SERVICE.main(sys.argv[1:], bootstrap=lambda: bootstrap(arguments), plan=lambda: plan(arguments), groups=groups)
