"""A proposal from draft to adoption, over HTTP."""

from datetime import timedelta

import pytest

from infrastructure.postgres.embedded import Database
from tests.api.scene import TEXT, Room, revised, room, seeded, tabled
from tests.infrastructure.eventlog.scene import Hands

pytestmark = pytest.mark.anyio

MICROSECOND = timedelta(microseconds=1)


async def test_a_draft_is_shared_and_tabled_and_leaves_no_trace_with_others(at: Room) -> None:
    draft = {"kind": "crisis-management-mechanism", "format": "plenary", "edition": "2026", "master": "en"}
    words = [{"kind": "title", "text": {"en": "Hotline"}}]
    begun = await at.done("/api/drafts", "head-JPN", {**draft, "provisions": words})
    for role in ("head-KOR", "chair", "secretary", "auditor", None):
        assert (await at.get(f"/api/drafts/{begun['id']}", role)).status_code == 404
    shared = await at.done(f"/api/drafts/{begun['id']}/share", "adviser-JPN", {"with": ["KOR"]})
    assert (await at.read(f"/api/drafts/{shared['id']}", "head-KOR"))["owners"] == ["JPN", "KOR"]
    assert (await at.get(f"/api/drafts/{begun['id']}", "head-KOR")).status_code == 404
    refused = await at.post(f"/api/drafts/{shared['id']}/table", "adviser-JPN", If_Match="*")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/may-not")
    proposal = await at.done(f"/api/drafts/{shared['id']}/table", "head-KOR")
    status = await at.read(f"/api/proposals/{proposal['id']}", "head-CHN")
    assert (status["number"], status["sponsors"], status["revision"]) == ("P26-01", ["KOR"], 0)


async def test_the_status_tells_who_endorsed_what(at: Room) -> None:
    proposal = await tabled(at)
    path = f"/api/proposals/{proposal}"
    for role in ("head-JPN", "head-USA"):
        await at.done(f"{path}/endorsements", role, {"revision": 0})
    text = (await at.read(path, "head-KOR"))["provisions"]
    at.turn(minutes=1)
    change = {"base": 0, "provisions": revised(text, p2="Answer within one hour."), "changes": {"p2": "substantive"}}
    await at.done(f"{path}/revisions", "head-KOR", change)
    status = await at.read(path, "head-USA")
    held = {position["delegation"]: (position["revision"], position["hold"]) for position in status["positions"]}
    assert held == {"JPN": (0, "superseded"), "KOR": (1, "current"), "USA": (0, "superseded")}
    await at.done(f"{path}/positions/JPN/reaffirm", "head-JPN", {"revision": 1})
    assert (await at.read(path, "head-USA"))["endorsing"] == 2


async def test_an_objection_stands_until_it_is_lifted_and_decides_the_outcome(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    await at.done(f"{path}/objections", "head-CHN", {"revision": 0, "reason": "Too short a time."})
    text = (await at.read(path, "head-KOR"))["provisions"]
    change = {"base": 0, "provisions": revised(text, p2="Answer within a day."), "changes": {"p2": "substantive"}}
    await at.done(f"{path}/revisions", "head-KOR", change)
    assert (await at.read(path, "head-CHN"))["objections"] == ["CHN"]
    agenda = "/api/editions/2026/agendas/plenary"
    await at.done(f"{agenda}/sittings", "secretary", {"held_on": "2026-09-08", "rule": "on-record"})
    await at.done(f"{agenda}/sittings/1/attendance", "secretary", {"present": ["CHN", "JPN", "KOR", "USA"]})
    early = await at.post(f"{path}/decision", "chair", {"sitting": 1, "revision": 1})
    assert early.json()["type"] == "/problems/notice-too-short"
    at.turn(hours=2)
    await at.done(f"{path}/decision", "chair", {"sitting": 1, "revision": 1})
    assert (await at.read(path, "chair"))["status"] == "open"
    await at.done(f"{path}/positions/CHN/lift", "head-CHN", {"revision": 1})
    await at.done(f"{path}/decision", "chair", {"sitting": 1, "revision": 1})
    status = await at.read(path, "head-CHN")
    assert status["status"] == "adopted"
    parties = {party["delegation"]: party["how"] for party in status["adoption"]["parties"]}
    assert parties == {
        "CHN": "present-without-position",
        "JPN": "present-without-position",
        "KOR": "endorsed",
        "USA": "present-without-position",
    }


async def test_a_silence_ends_by_the_record_while_nobody_serves_it(database: Database, hands: Hands) -> None:
    async with room(database, hands) as at:
        path = f"/api/proposals/{await tabled(at)}"
        opened = at.turn(minutes=1)
        deadline = opened + timedelta(seconds=30)
        await at.done(f"{path}/silence", "chair", {"revision": 0, "deadline": deadline.isoformat()})
        before = at.turn(to=deadline - MICROSECOND)
        assert (await at.read(path, "head-USA"))["status"] == "under-silence"
        ahead = (deadline + timedelta(days=1)).isoformat().replace("+00:00", "Z")
        for member in ("as_of", "effective_at"):  # a moment to come is settled by the record's clock, not by an estimate of it
            assert (await at.read(f"{path}?{member}={ahead}", "head-USA"))["status"] == "under-silence"
        roles = at.roles
    hands.move(deadline + timedelta(hours=1))
    async with room(database, hands, entropy=seeded(8), roles=roles, now=deadline + timedelta(hours=1)) as at:
        status = await at.read(path, "head-USA")
        assert status["status"] == "adopted"
        assert status["adoption"]["at"] == deadline.isoformat().replace("+00:00", "Z")
        for moment, then in ((opened, "open"), (before, "under-silence"), (deadline, "adopted")):
            told = await at.read(f"{path}?as_of={moment.isoformat().replace('+00:00', 'Z')}", "head-USA")
            assert told["status"] == ("under-silence" if moment == opened else then)


@pytest.mark.parametrize(("late", "status"), [(-1, "open"), (0, "adopted"), (1, "adopted")])
async def test_an_objection_breaks_the_silence_strictly_before_its_end(at: Room, late: int, status: str) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    deadline = at.now + timedelta(minutes=1)
    await at.done(f"{path}/silence", "chair", {"revision": 0, "deadline": deadline.isoformat()})
    at.turn(to=deadline + timedelta(milliseconds=late))
    objection = await at.done(f"{path}/objections", "head-CHN", {"revision": 0, "undisclosed": True})
    kinds = [fact["type"] for fact in objection["facts"]]
    broken = ["proposal.position-taken", "proposal.silence-broken"]
    assert kinds == (broken if status == "open" else ["proposal.objection-came-late"])
    assert (await at.read(path, "head-CHN"))["status"] == status


async def test_a_repeated_request_finds_its_first_answer(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    first = await at.post(f"{path}/endorsements", "head-JPN", {"revision": 0}, Idempotency_Key="one")
    again = await at.post(f"{path}/endorsements", "head-JPN", {"revision": 0}, Idempotency_Key="one")
    other = await at.post(f"{path}/endorsements", "head-JPN", {"revision": 1}, Idempotency_Key="one")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


async def test_a_prepared_act_is_sent_by_the_head(at: Room) -> None:
    proposal = await tabled(at)
    act = {"delegation": "JPN", "act": "endorsements", "target": proposal, "body": {"revision": 0}}
    prepared = await at.done("/api/prepared", "adviser-JPN", act)
    for role in ("head-KOR", "chair", "secretary"):
        assert (await at.get(f"/api/prepared/{prepared['id']}", role)).status_code == 404
    refused = await at.post(f"/api/prepared/{prepared['id']}/send", "adviser-JPN", If_Match="*")
    assert refused.status_code == 403
    await at.done(f"/api/prepared/{prepared['id']}/send", "head-JPN")
    assert (await at.read(f"/api/proposals/{proposal}", "head-KOR"))["endorsing"] == 2
    assert (await at.read(f"/api/prepared/{prepared['id']}", "adviser-JPN"))["status"] == "sent"


async def test_the_list_counts_only_what_its_reader_may_count(at: Room) -> None:
    await at.done("/api/editions/2026/agendas/japan-us/chair", "secretary", {"person": at.people["chair"]})
    await tabled(at)
    hidden = await tabled(at, "head-USA", "japan-us")
    recorded = await at.done(f"/api/proposals/{hidden}/endorsements", "head-JPN", {"revision": 0})
    position = {"Accord_Position": recorded["position"]}
    at.turn(seconds=1)
    assert (await at.read("/api/proposals", "head-JPN", **position))["total"] == 2
    assert (await at.read("/api/proposals", "head-CHN", **position))["total"] == 1
    assert (await at.read("/api/proposals", None, **position))["total"] == 0
    waiting = await at.read("/api/proposals?needs=me", "head-KOR", **position)
    assert [item["number"] for item in waiting["items"]] == []


async def test_a_write_to_a_thing_says_which_state_it_is_meant_for(at: Room) -> None:
    agenda = "/api/editions/2026/agendas/japan-us"
    empty = await at.get(agenda, "secretary")
    assert (empty.status_code, empty.headers["etag"]) == (200, '"0"')
    sitting = {"held_on": "2026-09-08", "rule": "closed"}
    missing = await at.post(f"{agenda}/sittings", "secretary", sitting)
    assert (missing.status_code, missing.json()["type"]) == (428, "/problems/precondition-required")
    assert (await at.post(f"{agenda}/sittings", "secretary", sitting, If_Match='"0"')).status_code == 201
    stale = await at.post(f"{agenda}/sittings", "secretary", sitting, If_Match='"0"')
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/precondition-failed")
    now = await at.get(agenda, "secretary")
    assert (await at.get(agenda, "secretary", If_None_Match=now.headers["etag"])).status_code == 304
    for stranger in ("head-CHN", None):
        assert (await at.get(agenda, stranger)).status_code == 404
        assert (await at.post(f"{agenda}/sittings", stranger, sitting, If_Match="*")).status_code == 404


async def test_closing_the_agenda_gives_each_open_proposal_its_outcome(at: Room) -> None:
    lapsed, decided, silent = [await tabled(at) for _ in range(3)]
    await at.done(f"/api/proposals/{decided}/objections", "head-CHN", {"revision": 0, "undisclosed": True})
    agenda = "/api/editions/2026/agendas/plenary"
    await at.done(f"{agenda}/sittings", "secretary", {"held_on": "2026-09-08", "rule": "on-record"})
    await at.done(f"{agenda}/sittings/1/attendance", "secretary", {"present": ["CHN", "JPN", "KOR", "USA"]})
    at.turn(hours=2)
    await at.done(f"/api/proposals/{decided}/decision", "chair", {"sitting": 1, "revision": 0})
    deadline = at.now + timedelta(minutes=1)
    await at.done(f"/api/proposals/{silent}/silence", "chair", {"revision": 0, "deadline": deadline.isoformat()})
    refused = await at.post(f"{agenda}/close", "chair", If_Match="*")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/silence-runs")
    at.turn(minutes=2)
    await at.done(f"{agenda}/close", "chair")
    statuses = [(await at.read(f"/api/proposals/{one}", "head-CHN"))["status"] for one in (lapsed, decided, silent)]
    assert statuses == ["lapsed", "no-consensus", "adopted"]
    draft = {"kind": "crisis-management-mechanism", "format": "plenary", "edition": "2026", "master": "en", "provisions": TEXT}
    begun = await at.done("/api/drafts", "head-KOR", draft)
    late = await at.post(f"/api/drafts/{begun['id']}/table", "head-KOR", If_Match="*")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/agenda-has-closed")


async def test_an_ended_credential_binds_at_once(at: Room) -> None:
    proposal = await tabled(at)
    credentials = (await at.read("/api/delegations/JPN/credentials", "head-JPN"))["items"]
    (adviser,) = (term["id"] for term in credentials if term["role"] == "adviser")
    assert (await at.get(f"/api/proposals/{proposal}", "adviser-JPN")).status_code == 200
    await at.done(f"/api/delegations/JPN/credentials/{adviser}/end", "head-JPN")
    assert (await at.get(f"/api/proposals/{proposal}", "adviser-JPN")).status_code == 404
    (head,) = (term["id"] for term in credentials if term["role"] == "head")
    last = await at.post(f"/api/delegations/JPN/credentials/{head}/end", "head-JPN", If_Match="*")
    assert last.json()["type"] == "/problems/last-head"


async def test_a_moment_before_is_asked_of_every_read(at: Room) -> None:
    before = at.turn(minutes=1)
    at.turn(minutes=1)
    proposal = await tabled(at)
    at.turn(minutes=1)
    moment = before.isoformat().replace("+00:00", "Z")
    assert (await at.get(f"/api/proposals/{proposal}?as_of={moment}", "head-CHN")).status_code == 404
    assert (await at.read(f"/api/proposals?as_of={moment}", "head-CHN"))["total"] == 0
    then = await at.read(f"/api/editions/2026/agendas/plenary?as_of={moment}", "head-CHN")
    assert then["proposals"] == []
    assert len((await at.read("/api/editions/2026/agendas/plenary", "head-CHN"))["proposals"]) == 1
