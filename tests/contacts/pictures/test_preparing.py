"""What becomes of a stranger's picture."""

import asyncio
import io

import pytest
from PIL import Image

from services.contacts.pictures.errors import PictureRefused
from services.contacts.pictures.preparing import MAX_BYTES, Preparer
from tests.contacts.pictures.pictures import (
    a_bomb,
    a_hollow_png,
    a_jpeg,
    a_slow_jpeg,
    a_telling_jpeg,
    a_text_bomb,
    saved,
)

ZIP = b"PK\x03\x04" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["JPEG"])


async def test_nothing_of_what_a_file_tells_besides_its_pixels_is_left() -> None:
    prepared = await Preparer().one(a_telling_jpeg())
    for each in prepared.renditions:
        assert b"Secret" not in each.content
        assert not {"exif", "icc_profile", "xmp", "comment"} & opened(each.content).info.keys()
        assert not opened(each.content).getexif()


async def test_a_picture_stands_upright_and_fits_each_size() -> None:
    large, medium, small = (await Preparer().one(a_telling_jpeg())).renditions
    assert [(each.width, each.height) for each in (large, medium, small)] == [(480, 640), (240, 320), (72, 96)]
    # Lying, red was on its left: turned a quarter clockwise, it is on top.
    red, blue = (opened(medium.content).getpixel((120, y)) for y in (40, 280))
    assert isinstance(red, tuple) and red[0] > 200 > 60 > red[2]
    assert isinstance(blue, tuple) and blue[2] > 200 > 60 > blue[0]


@pytest.mark.parametrize(
    ("mode", "format"),
    [("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("1", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG"), ("RGBA", "WEBP")],
)
async def test_every_kind_of_pixel_is_taken(mode: str, format: str) -> None:
    content = saved(Image.new("L", (40, 20), 200).convert(mode), format)
    assert opened((await Preparer().one(content)).renditions[0].content).mode == "RGB"


async def test_what_is_transparent_becomes_white() -> None:
    content = saved(Image.new("RGBA", (40, 20), (0, 0, 0, 0)), "PNG")
    assert opened((await Preparer().one(content)).renditions[0].content).getpixel((5, 5)) == (255, 255, 255)


async def test_what_an_iphone_takes_is_taken_where_the_extra_is_installed() -> None:
    heif = pytest.importorskip("pillow_heif")
    out = io.BytesIO()
    heif.from_pillow(Image.new("RGB", (64, 48), "green")).save(out)
    assert (await Preparer().one(out.getvalue())).renditions[0].width == 64


@pytest.mark.parametrize(("content", "code"), [
    (b"", "PICTURE_NOT_A_PICTURE"),
    (ZIP, "PICTURE_NOT_A_PICTURE"),
    (SVG, "PICTURE_NOT_A_PICTURE"),
    (saved(Image.new("RGB", (8, 8)), "TIFF"), "PICTURE_NOT_A_PICTURE"),
    (a_jpeg()[:3000], "PICTURE_UNREADABLE"),
    (a_bomb(), "PICTURE_TOO_LARGE"),
    (bytes(MAX_BYTES + 1), "PICTURE_TOO_LARGE"),
    (a_hollow_png(), "PICTURE_UNREADABLE"),
    (a_text_bomb(), "PICTURE_UNREADABLE"),
], ids=["empty", "zip", "svg", "tiff", "cut", "pixels", "bytes", "hollow", "text"])  # fmt: skip
async def test_what_is_no_picture_or_a_bomb_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        await Preparer().one(content, "photo")
    assert (refused.value.code, refused.value.path) == (code, ["photo"])


async def test_a_picture_that_takes_too_long_is_given_up_and_harms_no_other() -> None:
    preparer, small = Preparer(seconds=1.5), a_jpeg(64, 48)
    first, slow, last = await preparer.several([small, a_slow_jpeg(), small])
    assert slow == "TOO_COSTLY"
    assert not isinstance(first, str) and not isinstance(last, str)


async def test_a_decoder_that_is_killed_answers_for_the_picture_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    # The limits make the child die at its start, as the kernel may when memory runs out.
    monkeypatch.setattr("services.contacts.pictures.preparing._SANDBOX", "services.contacts.no_such_module")
    assert await Preparer().several([a_jpeg(8, 8), a_jpeg(8, 8)]) == ["TOO_COSTLY", "TOO_COSTLY"]


async def test_the_loop_goes_on_while_pictures_are_decoded() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    beating = asyncio.create_task(beat())
    await Preparer().one(a_jpeg(5000, 4000))
    beating.cancel()
    assert beats > 100
