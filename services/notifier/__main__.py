"""`python -m services.notifier migrate | web | worker | rebuild`."""

import sys

from services.notifier.service import SERVICE

if __name__ == "__main__":
    SERVICE.main(sys.argv[1:])
