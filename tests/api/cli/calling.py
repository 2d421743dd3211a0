"""A verb of `accord`, called as a program of its own that asks a forum which is served."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from anyio import run_process
from msgspec import Struct

from tests.api.scene import Room, served

ROOT: Final = Path(__file__).parents[3]
ACCORD: Final = Path(sys.executable).with_name("accord")


class Ended(Struct, frozen=True):
    """How the program ended."""

    exit_code: int
    stdout: str
    stderr: str


def clean() -> dict[str, str]:
    """The environment without anything that is Accord's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ACCORD_", "DATABASE_"))}


async def ended(command: Sequence[str | Path], **env: str) -> Ended:
    """Run it to its end, in an environment that holds only this of Accord's."""
    process = await run_process(command, check=False, cwd=ROOT, env=clean() | {"COLUMNS": "200"} | env)
    return Ended(process.returncode, process.stdout.decode(), process.stderr.decode())


async def asked(at: Room, port: int, verb: str, *words: str, role: str = "head-CHN") -> Ended:
    """The verb, asked by a role of the forum, which is served at the port."""
    return await ended([ACCORD, verb, *words], ACCORD_URL=f"http://127.0.0.1:{port}", ACCORD_TOKEN=at.roles[role])


async def called(at: Room, verb: str, *words: str, role: str = "head-CHN") -> Ended:
    """The same, served meanwhile."""
    async with served(at.house) as port:
        return await asked(at, port, verb, *words, role=role)
