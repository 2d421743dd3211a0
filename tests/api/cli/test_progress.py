"""`accord progress`: year over year, as it is printed."""

import json
import os
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

import pytest
from anyio import run_process

from tests.api.scene import Room, served, tabled

pytestmark = pytest.mark.anyio

ACCORD: Final = str(Path(sys.executable).with_name("accord"))


async def shown(port: int, token: str, *words: str) -> CompletedProcess[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ACCORD_", "DATABASE_"))}
    asked = {"ACCORD_URL": f"http://127.0.0.1:{port}", "ACCORD_TOKEN": token, "COLUMNS": "200"}
    return await run_process([ACCORD, "progress", *words], check=False, env=clean | asked)


async def test_it_prints_editions_and_pairs_or_what_the_server_said(at: Room) -> None:
    proposal = await tabled(at)
    await at.done(f"/api/proposals/{proposal}/objections", "head-CHN", {"revision": 0, "undisclosed": True})
    await at.done("/api/editions/2026/agendas/plenary/close", "chair")
    at.turn(seconds=1)
    await at.caught_up()
    async with served(at.house) as port:
        table = await shown(port, at.roles["head-JPN"])
        as_json = await shown(port, at.roles["head-JPN"], "--format", "plenary", "--edition", "2026", "--json")
        malformed = await shown(port, at.roles["head-JPN"], "--day", "12345")

    assert table.returncode == 0, table.stderr
    rows = [[cell.strip() for cell in line.strip("│┃").split("│")] for line in table.stdout.decode().splitlines()]
    assert ["2026", "1", "1", "-", "-", "-", "-", "-"] in rows, "adoption, days, revisions, silences: gaps"
    assert ["CHN KOR", "1", "0", "0.000", "0.000", "-1.000"] in rows
    assert ["CHN JPN", "0", "1", "-", "-", "-"] in rows
    said = json.loads(as_json.stdout)
    assert said["total"]["happened"]["proposals"]["statuses"]["lapsed"] == 1
    assert said["formats"] == ["plenary"]
    assert malformed.returncode == 1
    assert b"day" in malformed.stderr
