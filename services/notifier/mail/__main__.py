"""`python -m services.notifier.mail compile | check | preview FOLDER`: the templates, for those who edit them."""

import sys
from pathlib import Path

from services.notifier.mail import checking, templates
from services.notifier.mail.preview import write_previews


def main(arguments: list[str]) -> int:
    """Exit status: 1 where a template is stale or lacks a variable, or a catalogue a sentence."""
    match arguments:
        case ["compile"]:
            templates.write_all()
        case ["check"]:
            return _tell_faults()
        case ["preview", folder]:
            write_previews(Path(folder))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


def _tell_faults() -> int:
    found = [*checking.faults()]
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
