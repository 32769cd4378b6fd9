"""The process that decodes strangers' pictures: little memory, no secrets, and nothing lost when it is killed.

It reads requests (`limits` as one JSON line, then length-prefixed pictures) and answers each with a JSON line and the
renditions' bytes. Nothing of the original file survives: no EXIF, GPS, XMP, comment, profile or trailing data.
"""

import io
import json
import struct
import sys
import warnings
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LENGTH = struct.Struct(">I")
_QUALITY = 85
_PAPER = "white"
# What Pillow raises for files that lie about themselves: there is no common base.
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    KeyError,
    IndexError,
    TypeError,
    ArithmeticError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture may be, and the longest sides of what is made of it, the largest first."""

    max_pixels: int
    sides: tuple[int, ...]
    memory_bytes: int


class Refused(Exception):
    """A picture that is not taken; its argument is a code of errors.PictureRefused."""


def main() -> None:
    """Answer until the input ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    told = json.loads(requests.readline())
    limits = Limits(told["max_pixels"], tuple(told["sides"]), told["memory_bytes"])
    formats = _formats()
    _confine(limits.memory_bytes)
    while head := requests.read(LENGTH.size):
        content = requests.read(LENGTH.unpack(head)[0])
        _answer(answers, content, formats, limits)


def _answer(answers: BinaryIO, content: bytes, formats: tuple[str, ...], limits: Limits) -> None:
    try:
        made = renditions(content, formats, limits)
        told: dict[str, Any] = {"made": [{"width": each[0], "height": each[1], "bytes": len(each[2])} for each in made]}
    except Refused as refused:
        made, told = [], {"refused": refused.args[0]}
    except MemoryError:
        made, told = [], {"refused": "TOO_LARGE"}
    answers.write(json.dumps(told).encode() + b"\n" + b"".join(each[2] for each in made))
    answers.flush()


def renditions(content: bytes, formats: tuple[str, ...], limits: Limits) -> list[tuple[int, int, bytes]]:
    """Width, height and JPEG of each side of the limits. Raises Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upright = _upright(content, formats, limits)
            return [_rendition(upright, side) for side in limits.sides]
    except Image.DecompressionBombError as error:
        raise Refused("TOO_LARGE") from error
    except _UNREADABLE as error:
        raise Refused("UNREADABLE") from error


def _upright(content: bytes, formats: tuple[str, ...], limits: Limits) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except UnidentifiedImageError as error:
        raise Refused("NOT_A_PICTURE") from error
    width, height = image.size
    # Looked at before a pixel is decoded: the header alone says what decoding would cost.
    if width * height > limits.max_pixels or min(width, height) < 1:
        raise Refused("TOO_LARGE")
    side = limits.sides[0]
    image.draft("RGB", (side, side))  # a JPEG is decoded no larger than needed
    shown = ImageOps.exif_transpose(image)
    shown.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _plain(shown)


def _plain(image: Image.Image) -> Image.Image:
    """8-bit RGB in sRGB on white, without anything attached."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, _PAPER)
        image.paste(layer, mask=layer.getchannel("A"))
    elif profile and image.mode in ("RGB", "CMYK", "L"):
        image = _in_srgb(image, profile)
    bare = Image.new("RGB", image.size)
    bare.paste(image.convert("RGB"))
    return bare


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile: the colours as they are


def _rendition(image: Image.Image, side: int) -> tuple[int, int, bytes]:
    shown, out = image.copy(), io.BytesIO()
    shown.thumbnail((side, side), Image.Resampling.LANCZOS)
    shown.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return shown.width, shown.height, out.getvalue()


def _formats() -> tuple[str, ...]:
    """HEIF, as iPhones write it, where the `heic` extra is installed."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return FORMATS
    register_heif_opener(thumbnails=False)
    return (*FORMATS, "HEIF")


def _confine(memory_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the caller's time limit holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


if __name__ == "__main__":
    # Only what `main` writes may go out: a library's print would be read as an answer.
    main()
