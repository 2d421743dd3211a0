"""Year over year, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.scene import NOON, Room, tabled

pytestmark = pytest.mark.anyio

PLENARY = "/api/editions/2026/agendas/plenary"


async def adopted(at: Room) -> str:
    """A proposal of the plenary that is adopted by silence: its id."""
    proposal = await tabled(at)
    await at.done(f"/api/proposals/{proposal}/endorsements", "head-JPN", {"revision": 0})
    deadline = at.now + timedelta(hours=1)
    await at.done(f"/api/proposals/{proposal}/silence", "chair", {"revision": 0, "deadline": deadline.isoformat()})
    at.turn(to=deadline)
    return proposal


async def figures(at: Room, role: str | None, query: str = "") -> Any:
    return await at.read(f"/api/progress{query}", role)


async def test_an_answer_says_for_whom_when_and_by_which_definitions(at: Room) -> None:
    await adopted(at)
    await at.caught_up()
    found = await figures(at, "head-JPN")
    assert found["formats"] == ["japan-us", "plenary"]
    assert {definition["name"] for definition in found["definitions"]} >= {"adoption-rate", "agreement"}
    (edition,) = found["editions"]
    assert (edition["edition"], edition["year"], found["years"][0]["editions"]) == ("2026", 2026, ["2026"])
    assert edition["happened"] == found["total"]["happened"]
    books = {book["id"]: book for book in (await at.read("/api/me", "head-JPN"))["books"]}
    counted_from = [books[entry.partition(":")[0]]["audience"]["kind"] for entry in found["position"].split(",")]
    assert sorted(counted_from) == ["format", "format", "public"]


async def test_what_was_adopted_by_silence_counts_from_its_end_on(at: Room) -> None:
    await adopted(at)
    await at.caught_up()
    happened = (await figures(at, "head-CHN"))["total"]["happened"]
    assert happened["proposals"]["statuses"]["adopted"] == 1
    assert happened["proposals"]["by_sponsor"].keys() == {"KOR"}
    assert happened["adoption_rate"]["rate"] == {"numerator": 1, "denominator": 1, "value": 1.0}
    assert (happened["silences"]["opened"], happened["silences"]["broken"]) == (1, 0)
    pairs = {"-".join(one["pair"]): one for one in happened["agreement"]}
    assert (pairs["JPN-KOR"]["n"], pairs["JPN-KOR"]["s"]["value"]) == (1, 1.0)
    assert (pairs["CHN-KOR"]["n"], pairs["CHN-KOR"]["excluded"], pairs["CHN-KOR"]["s"]["value"]) == (0, 1, None)


async def test_as_published_then(at: Room) -> None:
    await adopted(at)
    at.turn(days=1)
    before = (NOON + timedelta(minutes=30)).isoformat().replace("+00:00", "Z")
    happened = (await figures(at, "head-CHN", f"?as_of={before}"))["total"]["happened"]
    assert happened["proposals"]["statuses"]["under-silence"] == 1
    assert happened["adoption_rate"]["rate"]["numerator"] == 0


async def test_figures_are_of_the_formats_that_one_reads_and_of_those_that_one_asks_for(at: Room) -> None:
    await tabled(at)
    await tabled(at, "head-USA", "japan-us")
    await at.caught_up()

    async def counted(role: str | None, query: str = "") -> tuple[list[str], int]:
        found = await figures(at, role, query)
        return found["formats"], found["total"]["happened"]["proposals"]["n"]

    assert await counted("head-JPN") == (["japan-us", "plenary"], 2)
    assert await counted("head-JPN", "?format=japan-us") == (["japan-us"], 1)
    assert await counted("head-CHN") == (["plenary"], 1)
    assert await counted("head-CHN", "?format=japan-us") == await counted("head-CHN", "?format=none") == ([], 0)
    assert await counted(None) == ([], 0)
    assert await counted("head-JPN", "?edition=2025") == (["japan-us", "plenary"], 0)


async def test_the_tag_changes_with_what_is_shown_and_with_nothing_else(at: Room) -> None:
    proposal = await tabled(at)
    at.turn(seconds=1)
    await at.caught_up()
    tag = (await at.get("/api/progress", "head-CHN")).headers["ETag"]
    same = await at.get("/api/progress", "head-CHN", If_None_Match=tag)
    assert (same.status_code, same.content) == (304, b"")

    await tabled(at, "head-USA", "japan-us")
    at.turn(seconds=1)
    await at.caught_up()
    assert (await at.get("/api/progress", "head-CHN", If_None_Match=tag)).status_code == 304, "of what it may not read"

    receipt = await at.done(f"/api/proposals/{proposal}/withdrawal", "head-KOR")
    at.turn(seconds=1)
    after = await at.get("/api/progress", "head-CHN", If_None_Match=tag, Accord_Position=receipt["position"])
    assert after.status_code == 200
    assert after.json()["total"]["happened"]["proposals"]["statuses"]["withdrawn"] == 1


@pytest.mark.parametrize("day", ["-1", "x", "1.5", "10000", "01", ""])
async def test_a_day_is_a_whole_number(at: Room, day: str) -> None:
    answer = await at.get(f"/api/progress?day={day}", "head-JPN")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "day"


async def test_an_edition_that_has_not_come_to_the_day_is_a_gap(at: Room) -> None:
    await adopted(at)
    await at.caught_up()
    (reached,) = (await figures(at, "head-JPN", "?day=0"))["editions"]
    (later,) = (await figures(at, "head-JPN", "?day=30"))["editions"]
    assert reached["happened"]["proposals"]["statuses"] is None, "nothing was tabled before it was opened"
    assert later["happened"]["proposals"]["statuses"] is None
