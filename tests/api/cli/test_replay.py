"""`accord replay` as an auditor runs it: as a program of its own, against a forum that is served."""

import json

import pytest

from api.cli.client import Answered
from tests.api.cli.calling import Ended, asked, called
from tests.api.cli.test_diff import revised
from tests.api.scene import NOON, Room, served
from tests.api.scene import revised as reworded
from tests.api.test_replay import lived

pytestmark = pytest.mark.anyio


async def replay(at: Room, port: int, *words: str) -> Ended:
    return await asked(at, port, "replay", *words)


async def test_a_state_is_told_in_words(at: Room) -> None:
    await lived(at)
    async with served(at.house) as port:
        shown = await replay(at, port, "P26-01")
        stood = await replay(at, port, "P26-01", "--stood", "JPN")
    assert shown.exit_code == 0, shown.stderr
    assert "status: adopted" in shown.stdout
    assert "CHN: no position" in shown.stdout
    assert "OP1 [en] Answer within one hour." in shown.stdout
    assert "JPN: endorse of revision 0, superseded" in stood.stdout
    assert "OP1 [en] Answer within two hours." in stood.stdout
    assert "one hour" not in stood.stdout


async def test_a_text_hands_no_command_to_the_terminal_and_none_of_its_lines_stands_as_one_of_a_replay(at: Room) -> None:
    path = f"/api/proposals/{await revised(at)}"
    at.turn(seconds=1)
    shown = await called(at, "replay", "P26-01")
    text = reworded((await at.read(path, "head-KOR"))["provisions"], p3="Test it daily.")
    await at.done(f"{path}/revisions", "head-KOR", {"base": 1, "provisions": text, "changes": {"p3": "substantive"}})
    at.turn(seconds=1)
    steps = await called(at, "replay", "P26-01", "--steps")
    assert "  OP1 [en] Test the \ufffd[31mline.\n    Each quarter.\n" in shown.stdout
    assert "    provisions p3 text en: Test the \ufffd[31mline.\n        Each quarter. -> Test it daily.\n" in steps.stdout


async def test_a_difference_is_told_in_words(at: Room) -> None:
    await lived(at)
    async with served(at.house) as port:
        changed = await replay(at, port, "p26-01", "--against", (NOON.replace(minute=1, second=30)).isoformat())
        same = await replay(at, port, "P26-01", "--against", at.now.isoformat())
    assert "status: open -> adopted\n" in changed.stdout
    assert "positions JPN hold: current -> superseded\n" in changed.stdout
    assert "provisions p2 text en: Answer within two hours. -> Answer within one hour.\n" in changed.stdout
    assert same.stdout.endswith("Nothing changed.\n")


async def test_steps_are_told_all_of_them_whatever_a_page_holds(at: Room) -> None:
    await lived(at)
    async with served(at.house) as port:
        told = await replay(at, port, "--book", "plenary", "--steps")
        one = await replay(at, port, "--book", "plenary", "--steps", "--limit", "1")
        things = await replay(at, port, "--book", "plenary")
    assert "by time alone  proposal P26-01 (adopted)" in told.stdout
    assert one.stdout.splitlines()[1:] == told.stdout.splitlines()[1:2]
    assert "proposal P26-01 (adopted)  last changed" in things.stdout


async def test_an_agenda_is_told_in_words(at: Room) -> None:
    proposal = await lived(at)
    async with served(at.house) as port:
        shown = await replay(at, port, "--edition", "2026", "--format", "plenary")
    assert shown.stdout.splitlines()[0].startswith("Agenda of plenary in 2026, as of ")
    assert f"P26-01: {proposal}" in shown.stdout


async def test_json_is_what_the_server_said(at: Room) -> None:
    proposal = await lived(at)
    async with served(at.house) as port:
        said = await replay(at, port, "P26-01", "--at", NOON.replace(minute=2).isoformat(), "--json")
    answer = json.loads(said.stdout)
    assert (answer["of"], answer["proposal"]["id"]) == ("proposal", proposal)


async def test_a_moment_that_cannot_be_answered_ends_with_a_sentence_and_its_values(at: Room) -> None:
    await lived(at)
    async with served(at.house) as port:
        future = await replay(at, port, "P26-01", "--at", "2099-01-01")
        before = await replay(at, port, "P26-01", "--at", "2020-01-01")
        past = await replay(at, port, "--book", "plenary", "--index", "100000")
        hidden = await replay(at, port, "--book", "japan-us")
    assert {future.exit_code, before.exit_code, past.exit_code, hidden.exit_code} == {Answered.exit_code}
    assert "is still to come" in future.stderr
    assert "moment: 2099-01-01T14:59:59.999999Z" in future.stderr
    assert "It began at 2 March 2026" in before.stderr
    assert "index: 100000" in past.stderr
    assert "You can read no book japan-us; you can read CHN, forum, plenary, public." in hidden.stderr


async def test_one_thing_is_named(at: Room) -> None:
    async with served(at.house) as port:
        none = await replay(at, port)
        two = await replay(at, port, "P26-01", "--book", "public")
    assert none.exit_code == two.exit_code == 2
    assert "Name one thing" in none.stderr
