"""Message contracts: lint, no breaking change, generated classes up to date. `check | generate | release`."""

import sys
import tempfile
from pathlib import Path

from tools.shell import ROOT, drifted, run, tool

BASELINE = ROOT / "proto" / "baseline.binpb"
GENERATED = ("messages_pb2.py", "messages_pb2.pyi")


def sources() -> list[Path]:
    """Every .proto file, relative to the root."""
    return sorted(path.relative_to(ROOT) for path in (ROOT / "proto").rglob("*.proto"))


def compile_to(folder: Path) -> None:
    """Write the classes and their stubs."""
    plugin = f"--plugin=protoc-gen-mypy={tool('protoc-gen-mypy')}"
    where = (f"--python_out={folder}", f"--mypy_out=quiet:{folder}")
    run(sys.executable, "-m", "grpc_tools.protoc", "-I.", *where, plugin, *sources())


def check() -> None:
    """End with status 1 unless contracts and generated classes are in order."""
    run(tool("buf"), "lint")
    run(tool("buf"), "breaking", "--against", BASELINE)
    with tempfile.TemporaryDirectory() as scratch:
        compile_to(Path(scratch))
        fresh = {
            ROOT / source.parent / name: (Path(scratch) / source.parent / name).read_text()
            for source in sources()
            for name in GENERATED
        }
    drifted(fresh, "just generate")


def release() -> None:
    """Make the present contracts the ones that later changes must not break."""
    run(tool("buf"), "build", "-o", BASELINE)


if __name__ == "__main__":
    {"check": check, "generate": lambda: compile_to(ROOT), "release": release}[sys.argv[1]]()
