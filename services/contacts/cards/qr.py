"""A link as a QR code (ISO/IEC 18004)."""

import io

import segno

# Level M survives a scratch; four modules of quiet zone, as the standard asks.
_LEVEL, _BORDER = "m", 4
_SVG_SCALE, _PNG_SCALE = 8, 12


def svg(address: str) -> bytes:
    """Black on white, in dark mode too: many readers see nothing inverted."""
    return _drawn(address, "svg", scale=_SVG_SCALE)


def png(address: str) -> bytes:
    """For print and for programs that know no SVG."""
    return _drawn(address, "png", scale=_PNG_SCALE)


def _drawn(address: str, kind: str, scale: int) -> bytes:
    out = io.BytesIO()
    code = segno.make(address, error=_LEVEL, micro=False)
    code.save(out, kind=kind, scale=scale, border=_BORDER, dark="#000", light="#fff")
    return out.getvalue()
