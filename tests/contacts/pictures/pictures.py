"""Pictures as telephones take them, and as nobody should."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def a_jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return saved(image, "JPEG", **options)


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    """The file of an image."""
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def a_telling_jpeg() -> bytes:
    """Lies on its side; tells where, with what, and more."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned a quarter clockwise
    exif[MAKE] = "SecretPhone"
    exif.get_ifd(GPS)[2] = (48.0, 51.0, 24.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SecretPlace</x:xmpmeta>"
    return a_jpeg(exif=exif, icc_profile=profile, xmp=xmp, comment=b"SecretComment") + b"PK\x03\x04SecretTrailer"


def a_bomb(side: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that says it has billions of pixels."""
    return _png(side, zlib.compress(b"\0" * 1_000_000))


def a_hollow_png(side: int = 6000) -> bytes:
    """As many pixels as are taken, and data that end at once."""
    return _png(side, zlib.compress(b"\0" * 100))


def _png(side: int, data: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def a_text_bomb() -> bytes:
    """A small PNG whose compressed comment is 200 MB."""
    small = saved(Image.new("RGB", (8, 8)), "PNG")
    text = b"Comment\0\0" + zlib.compress(b"a" * 200_000_000)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    return small[:33] + chunk + small[33:]


def a_slow_jpeg(scans: int = 3000) -> bytes:
    """A progressive JPEG of 45 million pixels whose scans repeat."""
    whole = a_jpeg(9000, 5000, progressive=True, quality=5)
    starts = [place for place in range(len(whole) - 1) if whole[place : place + 2] == b"\xff\xda"]
    scan = whole[starts[-1] : -2]
    return whole[:-2] + scan * min(scans, (14_000_000 - len(whole)) // len(scan)) + b"\xff\xd9"
