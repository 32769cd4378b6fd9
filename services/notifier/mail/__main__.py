"""`python -m services.notifier.mail compile | check | preview FOLDER`: the templates, for those who edit them."""

import sys
from pathlib import Path

from services.notifier.mail import templates
from services.notifier.mail.preview import write_previews


def main(arguments: list[str]) -> int:
    """Exit status: 1 where a compiled template is stale."""
    match arguments:
        case ["compile"]:
            templates.write_all()
        case ["check"]:
            return _tell_stale()
        case ["preview", folder]:
            write_previews(Path(folder))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


def _tell_stale() -> int:
    stale = templates.stale()
    for source in stale:
        sys.stderr.write(f"{source}: run `python -m services.notifier.mail compile`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
