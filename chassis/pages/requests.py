"""What a browser brings along: the fields of a form, and the language that it asks for."""

from urllib.parse import parse_qs

from starlette.requests import Request

_LANGUAGES = ("fr", "en")
_MOST_BYTES = 32_768
_MOST_FIELDS = 20


async def form(request: Request) -> dict[str, str]:
    """The fields of an urlencoded body; of one too large, none."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return {}
    told = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    return {name: values[0] for name, values in told.items()}


def asked(request: Request) -> str:
    """The language to speak to somebody of whom nothing is known: the first that is spoken here, else French."""
    told = request.headers.get("accept-language", "").lower().split(",")
    return next((language for each in told if (language := each.strip()[:2]) in _LANGUAGES), _LANGUAGES[0])
