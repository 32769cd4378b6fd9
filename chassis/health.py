"""`/healthz` (the process lives), `/readyz` (it can serve), `/metrics` (Prometheus text)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CHECK_SECONDS = 3.0

Check = Callable[[], Awaitable[None]]


def routes(checks: Mapping[str, Check]) -> list[Route]:
    """The three routes. A check raises where the thing it looks at is not ready; all run side by side."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        outcomes = await asyncio.gather(*(_outcome(check) for check in checks.values()))
        told = dict(zip(checks, outcomes, strict=True))
        ready = all(outcome == "ok" for outcome in outcomes)
        return JSONResponse({"ready": ready, "checks": told}, status_code=200 if ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


async def _outcome(check: Check) -> str:
    try:
        await asyncio.wait_for(check(), CHECK_SECONDS)
    except Exception as error:
        # The class alone: a driver's message may hold an address with its password.
        return f"failed: {type(error).__name__}"
    return "ok"
