"""`python -m services.deals migrate | web | worker | rebuild | audit`."""

import sys

from services.deals.service import SERVICE, audit

if __name__ == "__main__":
    SERVICE.main(sys.argv[1:], audit=audit)
