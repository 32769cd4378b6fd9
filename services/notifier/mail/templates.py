"""HTML templates: MJML sources, compiled ahead into the jinja files that are read at run time."""

import re
from pathlib import Path

from mrml import to_html

_INCLUDE = re.compile(r'<mj-include path="([^"]+)" />')
FOLDER = Path(__file__).parent / "templates"


def compiled_path(source: Path) -> Path:
    """Where the compiled form of an MJML file is committed."""
    return source.with_name("body.html.jinja")


def compile_template(source: Path) -> str:
    """HTML with its jinja placeholders untouched. Raises OSError where the MJML is wrong."""
    # Not mrml's own include: it gives an included section no width.
    whole = _INCLUDE.sub(lambda found: (FOLDER / found[1]).read_text("utf-8"), source.read_text("utf-8"))
    return to_html(whole).content


def sources() -> list[Path]:
    """Every mail's MJML."""
    return sorted(FOLDER.glob("*/body.mjml"))


def write_all() -> None:
    """Compile every source beside itself."""
    for source in sources():
        compiled_path(source).write_text(compile_template(source) + "\n", "utf-8")


def stale() -> list[Path]:
    """Sources whose committed compiled form is not what they give."""
    return [source for source in sources() if not _is_fresh(source)]


def _is_fresh(source: Path) -> bool:
    path = compiled_path(source)
    return path.exists() and path.read_text("utf-8") == compile_template(source) + "\n"
