"""`accord diff`, as a program that asks a running Accord."""

from typing import Any

import pytest

from api.cli.client import Answered
from tests.api.cli.calling import called
from tests.api.scene import Room, tabled

pytestmark = pytest.mark.anyio

SHOWN = """\
Revision 0 to revision 1, in en: 1 unchanged, 1 added, 1 changed

~ OP1 -> Annex 1 (moved; operative, now annex; new in zh-Hans; gone in ja; reworded in en)
    Answer within [-two hours-]{+one hour+}.

+ OP1 (new in en)
    {+Test the \ufffd[31mline.
    Each quarter.+}
"""


async def revised(at: Room) -> str:
    proposal = await tabled(at)
    reworded = {"id": "p2", "kind": "annex", "text": {"en": "Answer within one hour.", "zh-Hans": "一小时内应答。"}}
    title = {"id": "p1", "kind": "title", "text": {"en": "Hotline protocol", "ja": "ホットライン運用手順"}}
    added = {"kind": "operative", "text": {"en": "Test the \x1b[31mline.\nEach quarter."}}
    body: dict[str, Any] = {"base": 0, "provisions": [reworded, title, added], "changes": {"p2": "substantive"}}
    await at.done(f"/api/proposals/{proposal}/revisions", "head-KOR", body)
    return proposal


async def test_it_marks_what_was_deleted_and_inserted_and_hands_no_command_to_the_terminal(at: Room) -> None:
    await revised(at)
    ended = await called(at, "diff", "P26-01")
    assert (ended.stdout, ended.stderr, ended.exit_code) == (SHOWN, "", 0)


async def test_it_may_name_the_revisions_and_the_language(at: Room) -> None:
    proposal = await revised(at)
    ended = await called(at, "diff", proposal, "--from", "1", "--to", "0", "--language", "zh-Hans")
    assert "Revision 1 to revision 0, in zh-Hans" in ended.stdout
    assert "[-一小时内应答。-]" in ended.stdout


async def test_with_json_it_is_what_the_server_said(at: Room) -> None:
    proposal = await revised(at)
    as_said = (await at.get(f"/api/proposals/{proposal}/diff?from=0", "head-CHN")).text
    assert (await called(at, "diff", proposal, "--from", "0", "--json")).stdout == as_said + "\n"


async def test_a_revision_that_is_not_there_is_an_answer_that_is_no(at: Room) -> None:
    ended = await called(at, "diff", await revised(at), "--to", "7")
    assert (ended.exit_code, ended.stdout) == (Answered.exit_code, "")
    assert "There is nothing here that you may read." in ended.stderr


async def test_a_refusal_hands_no_command_to_the_terminal_either(at: Room) -> None:
    ended = await called(at, "diff", await revised(at), "--language", "\x1b[31m")
    assert (ended.exit_code, ended.stdout) == (Answered.exit_code, "")
    assert "language: \ufffd[31m is not known here; known are en, ja, zh-Hans and ko." in ended.stderr
