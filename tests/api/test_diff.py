"""Two revisions side by side, over HTTP."""

from typing import Any

import pytest

from tests.api.scene import Room, tabled

pytestmark = pytest.mark.anyio

REVISED = [
    {"id": "p2", "kind": "annex", "text": {"en": "Answer within one hour.", "zh-Hans": "一小时内应答。"}},
    {"id": "p1", "kind": "title", "text": {"en": "Hotline protocol", "ja": "ホットライン運用手順"}},
    {"kind": "operative", "text": {"en": "Test the line each quarter."}},
]


async def revised(at: Room) -> str:
    """A proposal with two revisions after its tabling: the address of its comparison."""
    path = f"/api/proposals/{await tabled(at)}"
    first = {"base": 0, "provisions": REVISED, "changes": {"p2": "substantive"}}
    await at.done(f"{path}/revisions", "head-KOR", first)
    await at.done(f"{path}/revisions", "head-KOR", {"base": 1, "provisions": REVISED[:2]})
    return f"{path}/diff"


def by_id(answer: Any) -> dict[str, Any]:
    return {part["id"]: part for part in answer["provisions"]}


async def test_it_shows_what_the_current_revision_changed_in_the_one_before(at: Room) -> None:
    answer = await at.read(await revised(at), "head-CHN")
    assert (answer["from"]["number"], answer["to"]["number"], answer["language"]) == (1, 2, "en")
    assert answer["totals"] == {"unchanged": 2, "added": 0, "removed": 1, "moved": 0, "changed": 0}
    gone = by_id(answer)["p3"]
    assert (gone["difference"], gone["before"], gone["after"]) == ("removed", {"number": "OP1", "kind": "operative"}, None)
    assert gone["runs"] == [{"kind": "deleted", "text": "Test the line each quarter."}]


async def test_it_shows_words_kinds_places_and_languages(at: Room) -> None:
    parts = by_id(await at.read(f"{await revised(at)}?from=0&to=1", "head-CHN"))
    assert parts["p3"]["difference"] == "added"
    assert (parts["p1"]["difference"], parts["p1"]["moved"]) == ("unchanged", False)
    reworded = parts["p2"]
    assert (reworded["difference"], reworded["moved"]) == ("changed", True)
    assert (reworded["before"], reworded["after"]) == (
        {"number": "OP1", "kind": "operative"},
        {"number": "Annex 1", "kind": "annex"},
    )
    assert reworded["languages"] == {"added": ["zh-Hans"], "removed": ["ja"], "reworded": ["en"]}
    assert reworded["runs"] == [
        {"kind": "kept", "text": "Answer within "},
        {"kind": "deleted", "text": "two hours"},
        {"kind": "inserted", "text": "one hour"},
        {"kind": "kept", "text": "."},
    ]
    assert not reworded["coarse"]


async def test_it_may_be_asked_in_another_language_and_the_other_way_round(at: Room) -> None:
    path = await revised(at)
    chinese = by_id(await at.read(f"{path}?from=1&to=0&language=zh-Hans", "head-CHN"))
    assert chinese["p2"]["runs"] == [{"kind": "deleted", "text": "一小时内应答。"}]
    assert chinese["p1"]["runs"] == []


async def test_of_a_text_that_was_never_revised_nothing_has_changed(at: Room) -> None:
    answer = await at.read(f"/api/proposals/{await tabled(at)}/diff", "head-CHN")
    assert (answer["from"], answer["totals"]["unchanged"]) == (answer["to"], 2)


async def test_a_reader_who_has_it_is_not_sent_it_again(at: Room) -> None:
    path = await revised(at)
    first = await at.get(f"{path}?from=0&to=1", "head-CHN")
    again = await at.get(f"{path}?from=0&to=1", "head-JPN", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    tags = {(await at.get(f"{path}?{query}", "head-CHN")).headers["ETag"] for query in ("", "from=0", "from=1&language=ja")}
    assert len(tags | {first.headers["ETag"]}) == 4


@pytest.mark.parametrize("query", ["to=3", "from=3", "from=999999999&to=0"])
async def test_a_revision_that_is_not_there_is_not_found(at: Room, query: str) -> None:
    answer = await at.get(f"{await revised(at)}?{query}", "head-CHN")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize(("query", "name"), [("from=-1", "from"), ("to=two", "to"), ("to=01", "to"), ("from=", "from")])
async def test_what_is_no_number_of_a_revision_is_malformed(at: Room, query: str, name: str) -> None:
    answer = await at.get(f"/api/proposals/{await tabled(at)}/diff?{query}", "head-CHN")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"parameter": name, "detail": "Expected a whole number from 0 to 999999999."},
    ]


async def test_a_language_that_the_forum_does_not_work_in_is_malformed_and_told_which_it_does(at: Room) -> None:
    answer = await at.get(f"/api/proposals/{await tabled(at)}/diff?language=fr", "head-CHN")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"parameter": "language", "detail": "fr is not known here; known are en, ja, zh-Hans and ko."},
    ]


async def test_a_text_of_others_is_not_there_to_be_compared(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at, by='head-USA', format_code='japan-us')}/diff"
    hidden, none = [await at.get(one, "head-CHN") for one in (path, "/api/proposals/00000000-0000-4000-8000-000000000000/diff")]
    assert (hidden.status_code, hidden.content) == (none.status_code, none.content) == (404, none.content)
    assert (await at.get(path, "head-JPN")).status_code == 200
