"""A replay over HTTP: what is asked, what is answered, and what cannot be."""

from datetime import timedelta
from typing import Any, Final

import pytest

from tests.api.scene import NOON, Room, book_of, revised, tabled

pytestmark = pytest.mark.anyio

SECOND: Final = timedelta(seconds=1)


async def lived(at: Room) -> str:
    """Tabled by KOR; endorsed by JPN; revised; under silence; adopted by time alone, which nobody writes down yet."""
    proposal = await tabled(at)
    path = f"/api/proposals/{proposal}"
    at.turn(minutes=1)
    await at.done(f"{path}/endorsements", "head-JPN", {"revision": 0})
    at.turn(minutes=1)
    text = (await at.read(path, "head-JPN"))["provisions"]
    await at.done(
        f"{path}/revisions",
        "head-KOR",
        {"base": 0, "provisions": revised(text, p2="Answer within one hour."), "changes": {"p2": "substantive"}},
    )
    at.turn(minutes=1)
    deadline = (at.now + timedelta(minutes=1)).isoformat()
    await at.done(f"{path}/silence", "chair", {"revision": 1, "deadline": deadline})
    at.turn(minutes=2)
    return proposal


async def replayed(at: Room, query: str, role: str | None = "head-CHN") -> Any:
    return await at.read(f"/api/replay?{query}", role)


async def problem(at: Room, query: str, role: str | None = "head-CHN") -> tuple[int, str, Any]:
    answer = await at.get(f"/api/replay?{query}", role)
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("/problems/"), answer.json()


async def plenary(at: Room, role: str = "head-CHN") -> str:
    return await book_of(at, role, "format", "plenary")


async def test_a_state_of_a_moment_is_that_of_the_proposal_as_of_it(at: Room) -> None:
    proposal = await lived(at)
    for minutes in (0.5, 1.5, 2.5, 3.5, 4.5):
        instant = f"{NOON + SECOND + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
        answer = await replayed(at, f"proposal={proposal}&at={instant}")
        assert answer["proposal"] == await at.read(f"/api/proposals/{proposal}?as_of={instant}", "head-CHN")
    assert answer["proposal"]["status"] == "adopted"


async def test_the_difference_of_two_moments_names_what_changed(at: Room) -> None:
    proposal = await lived(at)
    answer = await replayed(at, f"proposal={proposal}&against={(NOON + SECOND + timedelta(minutes=1.5)):%Y-%m-%dT%H:%M:%SZ}")
    changes = {change["path"]: (change.get("old"), change.get("new")) for change in answer["changes"]}
    assert changes["/status"] == ("open", "adopted")
    assert changes["/positions/JPN/hold"] == ("current", "superseded")
    assert changes["/provisions/p2/text/en"] == ("Answer within two hours.", "Answer within one hour.")


async def test_what_time_alone_did_is_a_step_of_its_own(at: Room) -> None:
    proposal = await lived(at)
    steps = (await replayed(at, f"proposal={proposal}&steps=true"))["steps"]
    told = [step["fact"]["type"] if "fact" in step else "time" for step in steps]
    assert told[0] == "proposal.tabled"
    ended = steps[told.index("time")]
    assert ended["by_time_alone"]
    assert ended["proposal"]["status"] == "adopted"
    assert ended["at"] == ended["proposal"]["adoption"]["at"]
    assert "by_time_alone" not in steps[0]


async def test_steps_come_in_pages_and_begin_after_a_moment(at: Room) -> None:
    proposal = await lived(at)
    one = await replayed(at, f"proposal={proposal}&steps=true")
    taken, after = [], ""
    while after is not None:
        page = await replayed(at, f"proposal={proposal}&steps=true&limit=1{after}")
        assert page["total"] == one["total"]
        taken += page["steps"]
        after = f"&after={page['next']}" if "next" in page else None
    assert taken == one["steps"]
    second = one["steps"][1]["fact"]["index"]
    later = await replayed(at, f"proposal={proposal}&steps=true&against={second}")
    assert later["steps"] == one["steps"][2:]


async def test_a_book_lists_what_it_tells_of_and_what_changed_in_it(at: Room) -> None:
    proposal = await lived(at)
    book = await plenary(at)
    things = (await replayed(at, f"book={book}"))["things"]
    assert ("proposal", proposal, "P26-01", "adopted") in {(t["kind"], t["id"], t["name"], t["status"]) for t in things}
    began = next(thing["began"] for thing in things if thing["id"] == proposal)
    changed = (await replayed(at, f"book={book}&against={began}"))["changed"]
    assert {c["thing"]["id"] for c in changed} >= {proposal}
    told = (await replayed(at, f"book={book}&steps=true&against={began}"))["steps"]
    assert [step["thing"]["status"] for step in told if step.get("by_time_alone")] == ["adopted"]


async def test_an_agenda_is_asked_for_by_edition_and_format(at: Room) -> None:
    proposal = await lived(at)
    answer = await replayed(at, "edition=2026&format=plenary")
    assert answer["agenda"] == await at.read("/api/editions/2026/agendas/plenary", "head-CHN")
    assert answer["agenda"]["proposals"] == [{"number": "P26-01", "proposal": proposal}]


async def test_what_a_delegation_stood_on_comes_with_the_words(at: Room) -> None:
    proposal = await lived(at)
    stood = (await replayed(at, f"proposal={proposal}&stood=JPN"))["stood"]
    assert (stood["position"]["stance"], stood["position"]["hold"]) == ("endorse", "superseded")
    assert stood["words"] == await at.read(f"/api/proposals/{proposal}/revisions/0", "head-JPN")


async def test_a_viewer_narrows_and_never_widens(at: Room) -> None:
    plenary_, other = await tabled(at), await tabled(at, by="head-USA", format_code="japan-us")
    for viewer, seen in (("JPN", 200), ("USA", 200), ("CHN", 404), ("KOR", 404), ("public", 404)):
        assert (await at.get(f"/api/replay?proposal={other}&viewer={viewer}", "head-JPN")).status_code == seen
        assert (await at.get(f"/api/replay?proposal={other}&viewer={viewer}", "head-CHN")).status_code == 404
    narrowed = await replayed(at, f"proposal={plenary_}&viewer=CHN", "head-JPN")
    assert narrowed["viewer"] == "CHN"
    assert narrowed["proposal"] == (await replayed(at, f"proposal={plenary_}", "head-CHN"))["proposal"]
    hidden = (await at.get(f"/api/replay?proposal={other}&viewer=CHN", "head-JPN")).content
    assert hidden == (await at.get("/api/replay?proposal=00000000-0000-4000-8000-000000000000", "head-JPN")).content


async def test_a_question_that_cannot_be_answered_whole_is_refused_with_its_values(at: Room) -> None:
    proposal = await lived(at)
    status, code, said = await problem(at, f"proposal={proposal}&at=2099-01-01")
    assert (status, code, said["moment"]) == (422, "still-to-come", "2099-01-01T14:59:59.999999Z")
    status, code, said = await problem(at, f"proposal={proposal}&against=100000")
    assert (status, code, said["index"]) == (422, "past-the-end", 100000)
    assert (await at.get(f"/api/replay?proposal={proposal}&against={said['last']}", "head-CHN")).status_code == 200
    status, code, said = await problem(at, f"proposal={proposal}&index=0")
    assert (status, code) == (422, "not-begun-yet")
    assert (await replayed(at, f"proposal={proposal}&index={said['index']}"))["at"]["at"] == said["began"]
    assert (await problem(at, f"proposal={proposal}&viewer=RUS"))[:2] == (422, "delegation-unknown")
    assert (await problem(at, f"proposal={proposal}&stood=RUS"))[:2] == (422, "not-of-the-format")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "proposal"),
        ("at=2026-03-02", "proposal"),
        ("proposal=P26-01", "proposal"),
        ("proposal=00000000-0000-4000-8000-000000000000&edition=2026", "proposal"),
        ("edition=2026", "format"),
        ("edition=2026&format=plenary&stood=CHN", "proposal"),
        ("edition=2026&format=plenary&at=2026-03-02&index=1", "at"),
        ("edition=2026&format=plenary&at=noon", "at"),
        ("edition=2026&format=plenary&index=-1", "index"),
        ("edition=2026&format=plenary&index=9223372036854775807", "index"),
        ("edition=2026&format=plenary&against=yesterday", "against"),
        ("edition=2026&format=plenary&steps=yes", "steps"),
        ("edition=2026&format=plenary&after=x", "after"),
        ("edition=2026&format=plenary&limit=201", "limit"),
        ("book=plenary", "book"),
    ],
)
async def test_what_is_malformed_is_named(at: Room, query: str, parameter: str) -> None:
    status, code, said = await problem(at, query)
    assert (status, code, said["errors"][0]["parameter"]) == (400, "malformed", parameter)
