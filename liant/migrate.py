"""Migrate every service in one process: the imports, not the migrations, are what takes time."""

import asyncio
import importlib

from chassis.service import Service
from liant.system.layout import SERVICES


async def migrate() -> None:
    """Each service's own migrate step, one after the other; settings as for the parts."""
    for name in SERVICES:
        service: Service = importlib.import_module(f"services.{name}.service").SERVICE
        await service.migrate()


if __name__ == "__main__":
    asyncio.run(migrate())
