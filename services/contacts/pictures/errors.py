"""Why a picture is not taken."""

from chassis.errors import InvalidInput

_PICTURES = {
    "NOT_A_PICTURE": "Not a picture of a kind that is taken: send a JPEG, a PNG or a WebP.",
    "UNREADABLE": "The picture cannot be read: it may be cut or damaged. Take it again, or save it anew.",
    "TOO_LARGE": "The picture is too large: at most 15 MB and 50 million pixels are taken.",
    "TOO_COSTLY": "The picture takes too long to read: save it anew as a plain JPEG.",
    "TOO_LARGE_INLINE": "The picture is too large to be sent in a mutation: make it smaller, or use startPhotoUpload.",
    "NOT_BASE64": "The content must be base64 (RFC 4648), without the beginning of a data URI.",
}


class PictureRefused(InvalidInput):
    """A photo that is not taken: no picture, damaged, too large, or a bomb."""

    def __init__(self, reason: str, field: str) -> None:
        super().__init__(field, _PICTURES[reason])
        self.code = f"PICTURE_{reason}"
