"""A program of ours as a child process: it ends with whoever started it, however that ended, since its standard input does."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

FAREWELL_SECONDS: Final = 5.0


async def start(module: str, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> Process:
    """Run a module; in our own environment, if none is given."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments),
        stdin=PIPE,  # never written to: that it closes is how the child learns that we are gone
        start_new_session=True,
        env=environment,
    )


async def dismiss(process: Process) -> None:
    """Let it end, and wait until it has."""
    assert process.stdin, "it was piped"
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), FAREWELL_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
