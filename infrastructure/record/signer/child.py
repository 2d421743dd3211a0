"""A signer of one's own: a child process on a folder, started again whenever it ends, and ended with its parent."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

SHORTEST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
"""Seconds before it is started again: longer each time while it does not stay."""
STAYED: Final = 10.0
"""Seconds after which it had started well."""
FAREWELL_SECONDS: Final = 5.0

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
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "infrastructure.record.signer.server", folder),
        stdin=PIPE,  # never written to: that it closes is how the child learns that we are gone
        start_new_session=True,
    )
    try:
        return await process.wait()
    except asyncio.CancelledError:
        await _dismiss(process)
        raise


async def _dismiss(process: Process) -> None:
    assert process.stdin, "it was piped"
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), FAREWELL_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
