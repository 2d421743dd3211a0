"""`accord progress`: year over year, as it is printed."""

import json

import pytest

from tests.api.cli.calling import asked
from tests.api.scene import Room, served, tabled

pytestmark = pytest.mark.anyio


async def test_it_prints_editions_and_pairs_or_what_the_server_said(at: Room) -> None:
    proposal = await tabled(at)
    await at.done(f"/api/proposals/{proposal}/objections", "head-CHN", {"revision": 0, "undisclosed": True})
    await at.done("/api/editions/2026/agendas/plenary/close", "chair")
    at.turn(seconds=1)
    await at.caught_up()
    async with served(at.house) as port:
        table = await asked(at, port, "progress", role="head-JPN")
        as_json = await asked(at, port, "progress", "--format", "plenary", "--edition", "2026", "--json", role="head-JPN")
        malformed = await asked(at, port, "progress", "--day", "12345", role="head-JPN")

    assert table.exit_code == 0, table.stderr
    rows = [[cell.strip() for cell in line.strip("│┃").split("│")] for line in table.stdout.splitlines()]
    assert ["2026", "1", "1", "-", "-", "-", "-", "-"] in rows, "adoption, days, revisions, silences: gaps"
    assert ["CHN KOR", "1", "0", "0.000", "0.000", "-1.000"] in rows
    assert ["CHN JPN", "0", "1", "-", "-", "-"] in rows
    said = json.loads(as_json.stdout)
    assert said["total"]["happened"]["proposals"]["statuses"]["lapsed"] == 1
    assert said["formats"] == ["plenary"]
    assert malformed.exit_code == 1
    assert "day" in malformed.stderr
