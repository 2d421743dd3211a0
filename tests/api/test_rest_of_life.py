"""What else becomes of a proposal, over HTTP: acts on behalf, setting aside, later editions, mergers, splits, statements."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from anyio import fail_after

from tests.api.scene import Room, tabled

pytestmark = pytest.mark.anyio

LETTER = {"reference": "Letter of 2 March"}
NEXT = {
    "code": "2027",
    "year": 2027,
    "starts_on": "2027-09-07",
    "ends_on": "2027-09-08",
    "city": "Tokyo",
    "theme": {"en": "Peace"},
}


def positions(status: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Who stands where, and how it holds."""
    return {one["delegation"]: (one["stance"], one["hold"]) for one in status["positions"]}


async def test_what_stops_counts_at_once_and_what_lets_through_once_it_is_confirmed(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    await at.done(f"{path}/objections", "secretary", {"revision": 0, "reason": "No.", "on_behalf_of": "CHN", **LETTER})
    await at.done(f"{path}/endorsements", "secretary", {"revision": 0, "on_behalf_of": "JPN", **LETTER})
    status = await at.read(path, "head-JPN")
    assert positions(status) == {"KOR": ("endorse", "current"), "CHN": ("object", "current")}
    assert [(one["delegation"], one["act"], one["reference"]) for one in status["on_behalf"]] == [
        ("JPN", "take", "Letter of 2 March")
    ]
    assert status["positions"][0]["reason"] == "No."
    at.turn(seconds=1)
    await at.caught_up()
    (row,) = (await at.read("/api/proposals?needs=me", "head-JPN"))["items"]
    assert {"whom": "JPN", "what": "given", "due": None} in row["needs"]
    refused = await at.post(f"{path}/positions/JPN/on-behalf/confirmation", "head-CHN", {"revision": 0})
    assert refused.json()["type"] == "/problems/own-position-only"
    await at.done(f"{path}/positions/JPN/on-behalf/confirmation", "head-JPN", {"revision": 0})
    status = await at.read(path, "head-JPN")
    assert positions(status)["JPN"] == ("endorse", "current")
    assert status["on_behalf"] == []


async def test_a_lift_on_behalf_waits_and_can_be_disowned(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    await at.done(f"{path}/objections", "head-CHN", {"revision": 0, "undisclosed": True})
    await at.done(f"{path}/positions/CHN/lift", "secretary", {"revision": 0, **LETTER})
    assert (await at.read(path, "head-KOR"))["objections"] == ["CHN"]
    await at.done(f"{path}/positions/CHN/on-behalf/disavowal", "head-CHN", {"revision": 0})
    assert (await at.read(path, "head-KOR"))["on_behalf"] == []


async def test_an_act_on_behalf_names_the_delegation_and_the_reference(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    for said in ({"on_behalf_of": "JPN"}, LETTER, {"received": "2026-03-02T00:00:00Z"}):
        refused = await at.post(f"{path}/endorsements", "secretary", {"revision": 0, **said})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/reference-missing")
    refused = await at.post(f"{path}/endorsements", "head-JPN", {"revision": 0, "on_behalf_of": "JPN", **LETTER})
    assert refused.json()["type"] == "/problems/may-not"


async def test_an_adoption_is_set_aside_for_an_objection_that_had_arrived_in_time(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    deadline = at.now + timedelta(seconds=20)
    await at.done(f"{path}/silence", "chair", {"revision": 0, "deadline": deadline.isoformat()})
    at.turn(to=deadline)
    assert (await at.read(path, "head-CHN"))["status"] == "adopted"
    received = (deadline - timedelta(seconds=5)).isoformat()
    late = {"revision": 0, "reason": "No.", "on_behalf_of": "CHN", "received": received, **LETTER}
    await at.done(f"{path}/objections", "secretary", late)
    (shown,) = (await at.read(path, "head-CHN"))["late_objections"]
    assert (shown["delegation"], shown["reason"]) == ("CHN", "No.")
    aside = {"reason": "It lay in the post room."}
    unseen = await at.post(f"{path}/decision/set-aside", "chair", aside)
    assert unseen.status_code == 428
    without = await at.post(f"{path}/decision/set-aside", "secretary", aside, If_Match="*")
    assert without.json()["type"] == "/problems/instruction-wrong"
    await at.done(f"{path}/decision/set-aside", "secretary", {**aside, "instruction": "Note of the chair"})
    status = await at.read(path, "head-KOR")
    assert (status["status"], status["objections"], status["adoption"]) == ("open", ["CHN"], None)
    assert [one["reason"] for one in status["set_aside"]] == ["It lay in the post room."]
    history = await at.read(f"{path}/history", "head-KOR")
    assert "proposal.instructed-by-chair" in [fact["type"] for fact in history["items"]]


async def test_a_deferred_proposal_is_taken_up_in_a_later_edition_under_its_number(at: Room) -> None:
    proposal = await tabled(at)
    path = f"/api/proposals/{proposal}"
    await at.done(f"{path}/endorsements", "head-JPN", {"revision": 0})
    await at.done(f"{path}/objections", "head-CHN", {"revision": 0, "undisclosed": True})
    await at.done("/api/editions", "secretary", NEXT)
    await at.done(f"{path}/deferral", "chair", {"edition": "2027"})
    status = await at.read(path, "head-KOR")
    assert (status["status"], status["closed"], status["elsewhere"]["deferred_to"]) == ("deferred", None, "2027")
    await at.done("/api/editions/2026/agendas/plenary/close", "chair")
    await at.done("/api/editions/2027/agendas/plenary/chair", "secretary", {"person": at.people["chair"]})
    at.turn(minutes=1)
    early = await at.post(f"{path}/resumption", "chair", {"edition": "2026"}, If_Match="*")
    assert early.json()["type"] == "/problems/edition-not-later"
    await at.done(f"{path}/resumption", "chair", {"edition": "2027"})
    status = await at.read(path, "head-KOR")
    assert (status["status"], status["number"], status["edition"]) == ("open", "P26-01", "2027")
    assert positions(status) == {
        "CHN": ("object", "current"),
        "JPN": ("endorse", "superseded"),
        "KOR": ("endorse", "superseded"),
    }
    assert {one["edition"] for one in status["positions"]} == {"2026"}
    agenda = await at.read("/api/editions/2027/agendas/plenary", "head-KOR")
    assert agenda["proposals"] == [{"number": "P26-01", "proposal": proposal}]
    await at.done(f"{path}/positions/JPN/reaffirm", "head-JPN", {"revision": 0})
    assert positions(await at.read(path, "head-KOR"))["JPN"] == ("endorse", "current")
    assert (await at.read(f"/api/proposals/{await tabled(at, edition='2027')}", "head-KOR"))["number"] == "P27-01"


async def test_a_proposal_is_merged_into_another_that_its_sponsor_sponsors(at: Room) -> None:
    goes, stays = await tabled(at), await tabled(at, "head-JPN")
    merger = {"into": stays}
    alone = await at.post(f"/api/proposals/{goes}/merger", "head-KOR", merger, If_Match="*")
    assert alone.json()["type"] == "/problems/target-not-sponsored"
    await at.done(f"/api/proposals/{stays}/sponsors", "head-KOR")
    await at.done(f"/api/proposals/{goes}/merger", "head-KOR", merger)
    status = await at.read(f"/api/proposals/{goes}", "head-CHN")
    assert (status["status"], status["elsewhere"]["merged_into"]) == ("merged", stays)
    assert (await at.read(f"/api/proposals/{stays}", "head-CHN"))["elsewhere"]["absorbed"] == [goes]


async def test_a_proposal_is_split_into_parts_with_numbers_of_their_own(at: Room) -> None:
    whole = await tabled(at)
    short = await at.post(f"/api/proposals/{whole}/split", "head-KOR", {"parts": [["p2"]]}, If_Match="*")
    assert short.json()["type"] == "/problems/too-few-parts"
    await at.done(f"/api/proposals/{whole}/split", "head-KOR", {"parts": [["p2"], ["p2"]]})
    status = await at.read(f"/api/proposals/{whole}", "head-CHN")
    parts = [await at.read(f"/api/proposals/{part}", "head-CHN") for part in status["elsewhere"]["parts"]]
    assert [part["number"] for part in parts] == ["P26-02", "P26-03"]
    assert {part["elsewhere"]["predecessor"] for part in parts} == {whole}
    assert {tuple(part["sponsors"]) for part in parts} == {("KOR",)}


async def test_a_chairs_statement_is_issued_over_an_objection(at: Room) -> None:
    draft = {"kind": "chairs-statement", "format": "plenary", "edition": "2026", "master": "en"}
    words = [{"kind": "title", "text": {"en": "Deterrence needs dialogue"}}]
    begun = await at.done("/api/drafts", "chair", {**draft, "provisions": words})
    statement = await at.done(f"/api/drafts/{begun['id']}/table", "chair")
    path = f"/api/proposals/{statement['id']}"
    await at.done(f"{path}/objections", "head-CHN", {"revision": 0, "undisclosed": True})
    sponsored = await at.post(f"{path}/sponsors", "head-JPN", If_Match="*")
    assert sponsored.json()["type"] == "/problems/is-a-chairs-statement"
    await at.done(f"{path}/issue", "chair", {"revision": 0})
    status = await at.read(path, "head-CHN")
    assert (status["status"], status["adoption"]) == ("issued", None)


async def test_a_statement_is_made_and_joined_and_printed_with_the_text(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    text = {"en": "'Line' names no State.", "ja": "「回線」は特定の国を指さない。"}
    await at.done(
        f"{path}/statements", "head-USA", {"kind": "interpretation", "revision": 0, "text": text, "with": ["JPN", "CHN"]}
    )
    await at.done(f"{path}/statements/1/join", "head-JPN")
    (shown,) = (await at.read(path, "head-CHN"))["statements"]
    assert (shown["delegation"], shown["joined"], shown["invited"]) == ("USA", ["JPN"], ["CHN"])
    assert shown["text"] == text
    for statement, problem in ((1, "not-invited"), (2, "statement-unknown")):
        refused = await at.post(f"{path}/statements/{statement}/join", "head-KOR", If_Match="*")
        assert refused.json()["type"] == f"/problems/{problem}"


async def test_that_a_reserve_fell_away_is_written_down(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    due = at.now + timedelta(hours=1)
    await at.done(f"{path}/positions", "head-CHN", {"revision": 0, "stance": "reserve", "due": due.isoformat()})
    at.turn(to=due)
    assert positions(await at.read(path, "head-KOR"))["CHN"] == ("reserve", "fell-away")
    with fail_after(10):
        while "proposal.position-fell-away" not in (types := await _types(at, path)):
            await asyncio.sleep(0)
    assert types.count("proposal.position-fell-away") == 1


async def _types(at: Room, path: str) -> list[str]:
    return [fact["type"] for fact in (await at.read(f"{path}/history", "head-KOR"))["items"]]
