"""Lines of a file whose line ends are CRLF, CR CR LF, LF or CR, all in one file if need be."""

from collections.abc import Iterable, Iterator

MAX_LINE = 1 << 18


def lines(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and content of each line; what exceeds MAX_LINE bytes of one is dropped.

    LF counts lines, so that numbers are those of an editor; a lone CR counts where the file has no LF after it.
    """
    number, rest = 1, b""
    for block in blocks:
        whole = rest + block
        held = b"\r" if whole.endswith(b"\r") else b""  # its LF may be in the next block
        found = _split(whole[: len(whole) - len(held)])
        rest = found.pop()[:MAX_LINE] + held
        for line in found:
            yield number, line[:MAX_LINE]
            number += 1
    for line in _split(rest):
        yield number, line
        number += 1


def _split(whole: bytes) -> list[bytes]:
    return whole.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
