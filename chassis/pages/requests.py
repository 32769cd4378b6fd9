"""What a browser brings along: the fields of a form, and the language that it asks for."""

from urllib.parse import parse_qs

from starlette.requests import Request

_LANGUAGES = ("fr", "en")
_MOST_BYTES = 32_768
_MOST_FIELDS = 20


async def body(request: Request, most: int) -> bytes | None:
    """What a request brings; None as soon as there are more than so many bytes."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            return None
    return bytes(content)


async def form(request: Request) -> dict[str, str]:
    """The fields of an urlencoded body; of one too large, none."""
    content = await body(request, _MOST_BYTES)
    if content is None:
        return {}
    told = parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    return {name: values[0] for name, values in told.items()}


def asked(request: Request) -> str:
    """The language to speak to somebody of whom nothing is known: the first that is spoken here, else French."""
    told = request.headers.get("accept-language", "").lower().split(",")
    return next((language for each in told if (language := each.strip()[:2]) in _LANGUAGES), _LANGUAGES[0])
