"""Witnesses as child processes of a demonstration: each as a delegation would run it, in a folder of its own, on a leash.

Stopped by hand, one stays stopped, so that a rehearsal can see what the forum shows then; `accord witness run` starts it again.
"""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from domain.identity import DelegationCode
from infrastructure.record import leash
from infrastructure.record.witness import folder as folders
from infrastructure.record.witness import running
from infrastructure.record.witness.alarms import Alarm
from infrastructure.record.witness.errors import Away, Refused, Unknown, WitnessError
from infrastructure.record.witness.watch import SILENT_AFTER

TOKEN: Final = "ACCORD_TOKEN"  # noqa: S105  the name of a variable
PATIENCE_SECONDS: Final = 0.3
"""Until the forum is asked again that is only starting."""
STDIN: Final = 0

_log = structlog.get_logger()


@asynccontextmanager
async def witnesses(
    home: Path, url: str, tokens: Mapping[DelegationCode, str], say: Callable[[str], None]
) -> AsyncGenerator[None]:
    """One witness for each delegation, made, registered and started once the forum answers; ended with this."""
    started: dict[DelegationCode, Process] = {}
    start = asyncio.create_task(_start(home, url, tokens, started, say))
    try:
        yield
    finally:
        start.cancel()
        await asyncio.gather(start, return_exceptions=True)
        await asyncio.gather(*map(leash.dismiss, started.values()))


async def _start(
    home: Path,
    url: str,
    tokens: Mapping[DelegationCode, str],
    started: dict[DelegationCode, Process],
    say: Callable[[str], None],
) -> None:
    try:
        for code, token in tokens.items():
            await _made(home / code, url, token, code)
            started[code] = await _spawned(home / code, url, token)
    except (WitnessError, Refused, Unknown, OSError) as error:
        _log.exception("witnesses.failed", error=str(error))
        return
    if started:
        pids = ", ".join(f"{code} {process.pid}" for code, process in started.items())
        say(f"Witnesses in {home}, each a process that `kill` stops: {pids}")


async def _made(folder: Path, url: str, token: str, code: DelegationCode) -> None:
    """The folder of one, whose key the forum knows: also where the forum was told anew and the folder was not."""
    while True:
        try:
            if not folders.is_made(folder):
                await running.make(folder, url, token, delegation=code, ml_dsa=False, register=False)
            await running.register(folder, url, token)
        except Away:  # it is only starting, and so is its signer
            await asyncio.sleep(PATIENCE_SECONDS)
        except Refused as refused:
            if refused.code != "key-exists":
                raise
            return
        else:
            return


async def _spawned(folder: Path, url: str, token: str) -> Process:
    return await leash.start("infrastructure.record.witness.process", folder, url, environment={**os.environ, TOKEN: token})


async def _watch(folder: Path, url: str, token: str, silent_after: timedelta = SILENT_AFTER) -> None:
    await running.run(folder, url, token, hear=_hear, once=False, silent_after=silent_after, leash=STDIN)


def _hear(alarm: Alarm) -> None:
    _log.error("witness.alarm", kind=alarm.kind, book=str(alarm.book), sentence=alarm.sentence, file=str(alarm.file))


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    with suppress(WitnessError, Unknown):  # a token that was revoked: a new start makes new ones
        asyncio.run(_watch(Path(sys.argv[1]), sys.argv[2], os.environ[TOKEN]))
