"""A signer of one's own: a child process on a folder, started again whenever it ends, and ended with its parent."""

import asyncio
from pathlib import Path
from typing import Final

import structlog

from infrastructure.record import leash

SHORTEST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
"""Seconds before it is started again: longer each time while it does not stay."""
STAYED: Final = 10.0
"""Seconds after which it had started well."""

_log = structlog.get_logger()


async def keep(folder: Path) -> None:
    """Keep a signer running on the folder, until cancelled. A folder that is new is made."""
    pause = SHORTEST_PAUSE
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        code = await _run(folder)
        pause = SHORTEST_PAUSE if clock() - began > STAYED else min(2 * pause, LONGEST_PAUSE)
        _log.error("signer.ended", code=code, again_in=pause)
        await asyncio.sleep(pause)


async def _run(folder: Path) -> int:
    """One signer, from its start to its end."""
    process = await leash.start("infrastructure.record.signer.server", folder)
    try:
        return await process.wait()
    except asyncio.CancelledError:
        await leash.dismiss(process)
        raise
