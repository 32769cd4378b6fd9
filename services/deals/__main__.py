"""`python -m services.deals migrate | web | worker | rebuild`."""

import sys

from services.deals.service import SERVICE

if __name__ == "__main__":
    SERVICE.main(sys.argv[1:])
