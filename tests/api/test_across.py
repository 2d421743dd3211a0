"""Questions across several proposals: agreements, what is out of the ordinary, an edition before it closes, a family."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.scene import Room, tabled

pytestmark = pytest.mark.anyio

AGENDA = "/api/editions/2026/agendas/plenary"
EVERYBODY = ["CHN", "JPN", "KOR", "USA"]
LETTER = {"reference": "Letter of 2 March"}


async def decided(at: Room, proposal: str) -> str:
    """Put it to a sitting at which everybody is present: the agreement's id."""
    path = f"/api/proposals/{proposal}"
    agenda = await at.read(AGENDA, "chair")
    number = len(agenda["sittings"]) + 1
    await at.done(f"{AGENDA}/sittings", "secretary", {"held_on": "2026-09-08", "rule": "on-record"})
    await at.done(f"{AGENDA}/sittings/{number}/attendance", "secretary", {"present": EVERYBODY})
    await at.done(f"{path}/decision", "chair", {"sitting": number, "revision": 0, "notice_waived": True})
    at.turn(seconds=1)
    await at.caught_up()
    return (await at.read(path, "chair"))["adoption"]["agreement"]


async def test_an_agreement_tells_its_parties_reservations_and_statements(at: Room) -> None:
    proposal = await tabled(at)
    path = f"/api/proposals/{proposal}"
    await at.done(f"{path}/endorsements", "head-JPN", {"revision": 0, "reservation": "Not of fishing vessels."})
    await at.done(f"{path}/positions", "head-CHN", {"revision": 0, "stance": "abstain"})
    await at.done(f"{path}/statements", "head-USA", {"kind": "interpretation", "revision": 0, "text": {"en": "As we read it."}})
    before = at.turn(minutes=1)
    at.turn(minutes=1)
    agreement = await decided(at, proposal)
    shown = await at.read(f"/api/agreements/{agreement}", "head-CHN")
    assert {party["delegation"]: party["how"] for party in shown["parties"]} == {
        "JPN": "endorsed",
        "KOR": "endorsed",
        "USA": "present-without-position",
    }
    assert shown["not_parties"] == ["CHN"]
    assert shown["reservations"] == [{"delegation": "JPN", "words": "Not of fishing vessels."}]
    assert [statement["text"] for statement in shown["statements"]] == [{"en": "As we read it."}]
    assert (shown["by"], shown["sitting"], shown["void"], shown["number"]) == ("decision", 1, None, "P26-01")
    page = await at.read("/api/agreements?edition=2026", "head-CHN")
    assert (page["total"], [one["id"] for one in page["items"]]) == (1, [agreement])
    asked = f"as_of={before.isoformat().replace('+00:00', 'Z')}"
    assert (await at.get(f"/api/agreements/{agreement}?{asked}", "head-CHN")).status_code == 404
    assert (await at.read(f"/api/agreements?{asked}", "head-CHN"))["total"] == 0
    assert (await at.get(f"/api/agreements/{agreement}")).status_code == 404
    assert (await at.read("/api/agreements"))["total"] == 0


async def test_the_agreement_of_an_adoption_that_was_set_aside_is_void_and_shown(at: Room) -> None:
    proposal = await tabled(at)
    path = f"/api/proposals/{proposal}"
    deadline = at.now + timedelta(seconds=20)
    await at.done(f"{path}/silence", "chair", {"revision": 0, "deadline": deadline.isoformat()})
    at.turn(to=deadline + timedelta(seconds=1))
    agreement = (await at.read(path, "chair"))["adoption"]["agreement"]
    received = (deadline - timedelta(seconds=5)).isoformat()
    late = {"revision": 0, "reason": "No.", "on_behalf_of": "CHN", "received": received, **LETTER}
    await at.done(f"{path}/objections", "secretary", late)
    overview = await at.read("/api/editions/2026/overview", "chair")
    assert {"check": "objection-received-in-time", "blocks": False, "proposals": ["P26-01"]} in overview["agendas"][0][
        "checklist"
    ]
    await at.done(f"{path}/decision/set-aside", "chair", {"reason": "It lay in the post room."})
    at.turn(seconds=1)
    await at.caught_up()
    (shown,) = (await at.read("/api/agreements", "head-KOR"))["items"]
    assert (shown["id"], shown["by"], shown["void_reason"]) == (agreement, "silence", "It lay in the post room.")
    assert [party["how"] for party in shown["parties"] if party["delegation"] == "CHN"] == ["silent"]
    assert await exceptional(at) == [
        ("objection-came-late", "P26-01", "CHN", "Letter of 2 March"),
        ("adoption-set-aside", "P26-01", None, None),
    ]


async def exceptional(at: Room, query: str = "", role: str = "head-KOR") -> list[tuple[Any, ...]]:
    """What is out of the ordinary in the edition."""
    found = await at.read(f"/api/editions/2026/exceptions{query}", role)
    assert found["total"] == len(found["items"])
    return [(one["what"], one["number"], one["delegation"], one["reference"]) for one in found["items"]]


async def test_an_adoption_that_rests_on_an_act_recorded_on_behalf_is_named(at: Room) -> None:
    first, second = await tabled(at), await tabled(at)
    for proposal in (first, second):
        said = {"revision": 0, "on_behalf_of": "JPN", **LETTER}
        await at.done(f"/api/proposals/{proposal}/endorsements", "secretary", said)
    assert {one[:2] for one in await exceptional(at)} == {
        ("on-behalf-unconfirmed", "P26-01"),
        ("on-behalf-unconfirmed", "P26-02"),
    }
    await at.done(f"/api/proposals/{first}/positions/JPN/on-behalf/confirmation", "head-JPN", {"revision": 0})
    await at.done(f"/api/proposals/{second}/positions", "head-JPN", {"revision": 0, "stance": "no-objection"})
    assert await exceptional(at) == []
    for proposal in (first, second):
        await decided(at, proposal)
    rests = ("adoption-rests-on-behalf", "P26-01", "JPN", "Letter of 2 March")
    assert await exceptional(at) == [rests]
    assert await exceptional(at, "?what=adoption-rests-on-behalf&format=plenary") == [rests]
    assert await exceptional(at, "?what=objection-came-late") == []
    assert await exceptional(at, "?format=japan-us") == []
    assert (await at.read("/api/editions/2026/exceptions"))["total"] == 0
    unknown = await at.get("/api/editions/2026/exceptions?what=odd", "head-KOR")
    assert unknown.status_code == 400


async def test_the_overview_says_what_to_look_at_before_the_agenda_closes(at: Room) -> None:
    waits, runs = await tabled(at), await tabled(at)
    due = (at.now + timedelta(days=2)).isoformat()
    await at.done(f"/api/proposals/{waits}/positions", "head-CHN", {"revision": 0, "stance": "reserve", "due": due})
    deadline = (at.now + timedelta(days=1)).isoformat()
    await at.done(f"/api/proposals/{runs}/silence", "chair", {"revision": 0, "deadline": deadline})
    (agenda,) = (await at.read("/api/editions/2026/overview", "head-KOR"))["agendas"]
    assert agenda["counts"] == {"open": 1, "under-silence": 1}
    assert [row["number"] for row in agenda["proposals"]] == ["P26-01", "P26-02"]
    assert agenda["checklist"] == [
        {"check": "silence-runs", "blocks": True, "proposals": ["P26-02"]},
        {"check": "still-open", "blocks": False, "proposals": ["P26-01"]},
        {"check": "confirmation-pending", "blocks": False, "proposals": ["P26-01"]},
    ]
    assert (await at.read("/api/editions/2026/overview"))["agendas"] == []


async def test_a_family_is_found_from_each_of_its_members(at: Room) -> None:
    whole, other = await tabled(at), await tabled(at)
    await at.done(f"/api/proposals/{whole}/split", "head-KOR", {"parts": [["p2"], ["p2"]]})
    parts = (await at.read(f"/api/proposals/{whole}", "head-KOR"))["elsewhere"]["parts"]
    await at.done(f"/api/proposals/{parts[0]}/merger", "head-KOR", {"into": other})
    at.turn(seconds=1)
    await at.caught_up()
    family = await at.read(f"/api/proposals/{other}/lineage", "head-CHN")
    assert [one["number"] for one in family["proposals"]] == ["P26-01", "P26-02", "P26-03", "P26-04"]
    assert {one["relation"] for one in family["links"]} == {"split-into", "succeeded-by", "merged-into"}
    for member in (whole, *parts):
        assert await at.read(f"/api/proposals/{member}/lineage", "head-CHN") == family
    assert (await at.get(f"/api/proposals/{whole}/lineage")).status_code == 404
    followed = await at.read(f"/api/proposals?predecessor={whole}", "head-CHN")
    assert {row["id"] for row in followed["items"]} == set(parts)


async def test_what_is_out_of_the_ordinary_is_told_in_the_edition_in_which_it_happened(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    await at.done(f"{path}/endorsements", "secretary", {"revision": 0, "on_behalf_of": "JPN", **LETTER})
    later = {"code": "2027", "year": 2027, "starts_on": "2027-09-07", "ends_on": "2027-09-08", "city": "Tokyo"}
    await at.done("/api/editions", "secretary", {**later, "theme": {"en": "Peace"}})
    await at.done("/api/editions/2027/agendas/plenary/chair", "secretary", {"person": at.people["chair"]})
    await at.done(f"{path}/deferral", "chair", {"edition": "2027"})
    at.turn(minutes=1)
    await at.done(f"{path}/resumption", "chair", {"edition": "2027"})
    assert await exceptional(at) == [("on-behalf-unconfirmed", "P26-01", "JPN", "Letter of 2 March")]
    assert (await at.read("/api/editions/2027/exceptions", "head-KOR"))["total"] == 0
