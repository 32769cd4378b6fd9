"""Which characters a file's bytes stand for."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The letters that French is written with, in what Windows, old Macs and DOS wrote them.
LETTERS = "éèêëàâçùûôîïœÉÈÀÇ"
_ONE_BYTE = ("cp1252", "mac_roman", "cp850")


def detect(file: BinaryIO) -> str:
    """The name of a Python codec. The file is read through, and left at its beginning."""
    file.seek(0)
    head = file.read(BLOCK)
    found = _by_mark(head) or _by_zeros(head) or (_strict(file, "utf-8") and "utf-8") or _one_byte(file)
    file.seek(0)
    return found or "cp1252"


def _by_mark(head: bytes) -> str | None:
    return next((name for mark, name in _BOMS if head.startswith(mark)), None)


def _by_zeros(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > 0.7 * half:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > 0.7 * half else None


def _strict(file: BinaryIO, name: str) -> bool:
    try:
        for _ in decoded(file, name, errors="strict"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _one_byte(file: BinaryIO) -> str:
    file.seek(0)
    counts = [0] * 256
    while block := file.read(BLOCK):
        for byte in block:
            counts[byte] += byte > 127
    return max(_ONE_BYTE, key=lambda name: _letters(counts, name))


def _letters(counts: list[int], name: str) -> int:
    return sum(counts[byte] for byte in LETTERS.encode(name, "ignore"))


def decoded(file: BinaryIO, name: str, *, errors: str = "replace") -> Iterator[str]:
    """The file's text, a block at a time, from its beginning."""
    decoder = codecs.getincrementaldecoder(name)(errors)
    file.seek(0)
    while block := file.read(BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def blocks(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The file's bytes, in an encoding that keeps ASCII: wider ones become UTF-8."""
    if name.startswith(("utf-16", "utf-32")):
        for text in decoded(file, name):
            yield text.encode("utf-8", "replace")
        return
    file.seek(len(codecs.BOM_UTF8) if name == "utf-8-sig" else 0)
    while block := file.read(BLOCK):
        yield block
