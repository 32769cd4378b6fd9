"""`python -m tests.chassis.tiny migrate | web | worker | rebuild`."""

import sys

from tests.chassis.tiny.service import SERVICE

if __name__ == "__main__":
    SERVICE.main(sys.argv[1:])
