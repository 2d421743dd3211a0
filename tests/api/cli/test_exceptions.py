"""`accord exceptions`: what an auditor looks at first, as it is printed."""

import json

import pytest

from api.cli.client import Answered
from tests.api.cli.calling import called
from tests.api.scene import Room, tabled

pytestmark = pytest.mark.anyio


async def on_behalf(at: Room) -> None:
    said = {"revision": 0, "on_behalf_of": "JPN", "reference": "Letter of 2 March"}
    await at.done(f"/api/proposals/{await tabled(at)}/endorsements", "secretary", said)


async def test_it_prints_what_is_out_of_the_ordinary_in_all_editions(at: Room) -> None:
    await on_behalf(at)
    shown = await called(at, "exceptions")
    assert shown.exit_code == 0, shown.stderr
    first, told, count = shown.stdout.splitlines()
    assert first.split() == ["P26-01", "open", "on-behalf-unconfirmed", "JPN"]
    assert told.endswith("; Letter of 2 March")
    assert count == "1 in all"


async def test_with_json_it_is_what_the_server_said_of_one_edition_or_all_together(at: Room) -> None:
    await on_behalf(at)
    as_said = (await at.get("/api/editions/2026/exceptions", "head-CHN")).text
    assert (await called(at, "exceptions", "--edition", "2026", "--json")).stdout == as_said + "\n"
    together = json.loads((await called(at, "exceptions", "--what", "on-behalf-unconfirmed", "--json")).stdout)
    assert together == json.loads(as_said)


async def test_an_edition_that_is_not_there_is_an_answer_that_is_no(at: Room) -> None:
    assert (await called(at, "exceptions", "--edition", "1999")).exit_code == Answered.exit_code
