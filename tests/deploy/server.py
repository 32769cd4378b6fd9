"""A NATS server with the deployed configuration."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from liant.embedded.nats import binary
from liant.ports import reserve
from liant.process import Launch
from tests.support.control import LocalProcess

DEPLOY = Path(__file__).parents[2] / "deploy"
USERS = ("migrate", "contacts", "deals", "notifier", "gateway", "rebuild")


@asynccontextmanager
async def deployed_nats(store: Path, secret: str) -> AsyncIterator[str]:
    """Its address, for the length of a block; `secret` makes each user's password, as in `secret-{user}`."""
    port = reserve()
    where = ("-a", "127.0.0.1", "-p", str(port), "-m", str(reserve()), "-sd", str(store))
    passwords = {f"NATS_{user.upper()}_PASSWORD": secret.format(user=user) for user in USERS}
    launch = Launch(
        argv=(binary(), "-c", str(DEPLOY / "nats" / "server.conf"), *where),
        cwd=store,
        env={**passwords, "NATS_SERVER_NAME": "test"},
    )
    control = LocalProcess(launch, lambda: _answers(port))
    await control.start()
    try:
        yield f"nats://127.0.0.1:{port}"
    finally:
        await control.stop()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
