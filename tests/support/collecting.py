"""A pytest plugin: no garbage collection while tests are collected.

CPython before 3.11.9 raises "SystemError: AST constructor recursion depth mismatch" when a collection runs Python code
(hypothesis counts collections by a callback) within `ast.parse`, which pytest calls to rewrite assertions.
"""

import gc

gc.disable()


def pytest_collection_finish() -> None:
    """Collect again from here on."""
    gc.enable()
