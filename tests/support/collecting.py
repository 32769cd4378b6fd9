"""A pytest plugin: no assertion is rewritten where CPython cannot be trusted to do it.

CPython before 3.11.9 sometimes raises "SystemError: AST constructor recursion depth mismatch" from `ast.parse`, which
pytest calls to rewrite assertions; a collection of garbage within it is one way there, and not the only one seen. On
such an interpreter a failed assertion shows its line, and not its values: better than a run that fails by chance.
"""

import gc
import sys

from _pytest.assertion.rewrite import AssertionRewritingHook

if sys.version_info < (3, 11, 9):
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, AssertionRewritingHook)]

gc.disable()


def pytest_collection_finish() -> None:
    """Collect garbage again from here on."""
    gc.enable()
