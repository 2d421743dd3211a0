"""A text and its outcome go to a wider audience, and nothing else of the format goes with them."""

from typing import Any
from uuid import UUID

import pytest

from domain.identity import StreamId
from domain.releases.events import ReleaseMade
from tests.api.scene import TEXT, Room, tabled

pytestmark = pytest.mark.anyio

TO_FORUM, TO_PUBLIC = {"to": "forum", "attribution": True}, {"to": "public", "attribution": True}
SITTINGS = "/api/editions/2026/agendas/japan-us/sittings"


async def sat(at: Room, rule: str) -> None:
    await at.done(SITTINGS, "secretary", {"held_on": "2026-09-08", "rule": rule})
    await at.done(f"{SITTINGS}/1/attendance", "secretary", {"present": ["JPN", "USA"]})


async def adopted(at: Room, *, rule: str = "on-record", **more: Any) -> str:
    """A text of the two, put to a sitting under a rule: its address."""
    path = f"/api/proposals/{await tabled(at, 'head-JPN', 'japan-us')}"
    await sat(at, rule)
    decision = {"sitting": 1, "revision": 0, "notice_waived": True, "instruction": "Note 1", **more}
    await at.done(f"{path}/decision", "secretary", decision)
    return path


async def released(at: Room, path: str, *, to: str = "forum", japan: bool = True, us: bool = True) -> dict[str, Any]:
    """Asked and consented to: the release as the two see it."""
    await at.done(f"{path}/release", "head-JPN", {"to": to, "attributions": japan})
    await at.done(f"{path}/release/consent", "head-USA", {"to": to, "attribution": us})
    (done,) = [one for one in (await at.read(path, "head-JPN"))["releases"] if one["to"] == to]
    return await at.read(f"/api/releases/{done['release']}", "head-JPN")


async def test_the_forum_is_given_the_text_and_its_outcome_and_nothing_that_leads_back(at: Room) -> None:
    path = await adopted(at)
    before = await at.read(path, "head-JPN")
    release = await released(at, path)
    seen = await at.get(f"/api/releases/{release['id']}", "head-CHN")
    assert seen.json() == release
    assert [part["text"] for part in release["provisions"]] == [part["text"] for part in TEXT]
    told = (release["outcome"], release["kind"], release["edition"], release["format"], release["reached"], release["to"])
    assert told == ("adopted", before["kind"], "2026", "japan-us", before["closed"], "forum")
    for trace in (before["id"], before["number"], before["fingerprint"], before["adoption"]["agreement"]):
        assert trace not in seen.text
    assert (await at.get(path, "head-CHN")).status_code == 404
    assert (await at.get(f"/api/releases/{release['id']}")).status_code == 404


async def test_the_record_names_nobody_whose_act_completed_it(at: Room) -> None:
    release = await released(at, await adopted(at))
    books = at.house.directory.all_books()
    (made,) = await at.house.log.stream(StreamId(UUID(release["id"])), books=books)
    assert isinstance(made.fact, ReleaseMade)
    assert (made.actor, made.delegation, made.credential) == (None, None, None)
    listed = (await at.read("/api/events?limit=200", "head-CHN"))["items"]
    (event,) = [one for one in listed if one["type"] == "release.made"]
    assert not {"actor", "delegation", "credential"} & event.keys()


async def test_it_is_anybodys_once_the_public_is_given_it(at: Room) -> None:
    path = await adopted(at)
    forum = await released(at, path)
    early = await at.post(f"{path}/release/consent", "head-JPN", TO_PUBLIC, If_Match="*")
    assert early.json()["type"] == "/problems/release-not-asked"
    public = await released(at, path, to="public", us=False)
    assert await at.read(f"/api/releases/{public['id']}") == public
    same = ("outcome", "kind", "edition", "format", "master", "provisions", "reached")
    assert {name: public[name] for name in same} == {name: forum[name] for name in same}
    assert [party["delegation"] for party in public["parties"]] == ["JPN"]
    assert [one["id"] for one in (await at.read("/api/releases"))["items"]] == [public["id"]]


async def test_only_the_willing_are_named(at: Room) -> None:
    path = await adopted(at)
    await at.done(f"{path}/statements", "head-USA", {"kind": "interpretation", "revision": 0, "text": {"en": "Two."}})
    release = await released(at, path, japan=False)
    assert (release["sponsors"], release["parties"]) == ([], [{"delegation": "USA", "how": "present-without-position"}])
    (statement,) = release["statements"]
    assert (statement["delegation"], statement["text"]) == ("USA", {"en": "Two."})


@pytest.mark.parametrize("rule", ["chatham-house", "closed"])
async def test_what_was_handled_under_the_chatham_house_rule_names_all_or_none(at: Room, rule: str) -> None:
    path = await adopted(at, rule=rule)
    release = await released(at, path, japan=False)
    assert (release["sponsors"], release["parties"], release["statements"]) == ([], [], [])
    public = await released(at, path, to="public")
    assert (public["sponsors"], len(public["parties"])) == (["JPN"], 2)


async def test_a_part_keeps_the_rule_of_the_sittings_that_handled_the_whole(at: Room) -> None:
    whole = f"/api/proposals/{await tabled(at, 'head-JPN', 'japan-us')}"
    await at.done(f"{whole}/objections", "head-USA", {"revision": 0, "undisclosed": True})
    await sat(at, "chatham-house")
    decision = {"sitting": 1, "revision": 0, "notice_waived": True, "instruction": "Note 1"}
    await at.done(f"{whole}/decision", "secretary", decision)
    await at.done(f"{whole}/split", "head-JPN", {"parts": [["p2"], ["p2"]]})
    part, _ = (await at.read(whole, "head-JPN"))["elsewhere"]["parts"]
    path = f"/api/proposals/{part}"
    await at.done(f"{path}/outcome", "secretary", {"outcome": "lapsed", "instruction": "Note 2"})
    assert (await released(at, path, us=False))["sponsors"] == []
    assert (await released(at, path, to="public"))["sponsors"] == ["JPN"]


async def test_an_unlisted_format_stays_unnamed(at: Room) -> None:
    defined = {"code": "quiet", "letter": "Q", "names": {"en": "Quiet"}, "members": ["JPN", "USA"], "listed": False}
    await at.done("/api/formats", "secretary", defined)
    path = f"/api/proposals/{await tabled(at, 'head-JPN', 'quiet')}"
    await at.done(f"{path}/outcome", "secretary", {"outcome": "lapsed", "instruction": "Note 1"})
    release = await released(at, path, japan=False, us=False)
    assert (release["format"], release["outcome"], release["parties"]) == (None, "lapsed", [])
    assert "quiet" not in (await at.get(f"/api/releases/{release['id']}", "head-CHN")).text


async def test_consent_is_asked_with_the_decision_and_waits_for_each(at: Room) -> None:
    path = await adopted(at, release="public")
    asked = {one["to"]: one for one in (await at.read(path, "head-USA"))["releases"]}
    assert (asked["forum"]["waiting_for"], asked["public"]["waiting_for"]) == (["JPN", "USA"], [])
    at.turn(seconds=1)
    await at.caught_up()
    needed = await at.read("/api/proposals?needs=me", "head-USA")
    assert [need["what"] for item in needed["items"] for need in item["needs"] if need["whom"] == "USA"] == ["consent"]
    await at.done(f"{path}/release/consent", "head-JPN", TO_FORUM)
    done = await at.done(f"{path}/release/consent", "head-USA", TO_FORUM)
    after = await at.read(path, "head-USA", Accord_Position=done["position"])
    (forum, public) = after["releases"]
    assert (forum["waiting_for"], public["waiting_for"]) == ([], ["JPN", "USA"])
    assert forum["released"] is not None


async def test_a_consent_is_taken_back_before_it_happened(at: Room) -> None:
    path = await adopted(at)
    await at.done(f"{path}/release", "head-JPN", {"to": "forum", "attributions": True})
    back = f"{path}/release/consent?to=forum"
    headers = at.headers("head-JPN", {"If_Match": "*"})
    assert (await at.client.delete(back, headers=headers)).status_code == 200
    await at.done(f"{path}/release/consent", "head-USA", TO_FORUM)
    assert (await at.read("/api/releases", "head-USA"))["total"] == 0
    await at.done(f"{path}/release/consent", "head-JPN", TO_FORUM)
    late = await at.client.delete(back, headers=headers)
    assert late.json()["type"] == "/problems/released-already"
    for query, detail in (
        ("?to=press", "press is not known here; known are forum and public."),
        ("", "The parameter is missing."),
    ):
        nowhere = await at.client.delete(f"{path}/release/consent{query}", headers=headers)
        assert (nowhere.status_code, nowhere.json()["errors"]) == (400, [{"parameter": "to", "detail": detail}])


async def test_the_secretary_neither_asks_nor_consents(at: Room) -> None:
    path = await adopted(at)
    for door, said in (("release", {"to": "forum"}), ("release/consent", TO_FORUM)):
        refused = await at.post(f"{path}/{door}", "secretary", said, If_Match="*")
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/may-not")


async def test_an_adviser_prepares_the_consent_that_the_head_sends(at: Room) -> None:
    path = await adopted(at, release="forum")
    target = path.rpartition("/")[2]
    prepared = {"delegation": "JPN", "act": "release-consent", "target": target, "body": TO_FORUM}
    act = await at.done("/api/prepared", "adviser-JPN", prepared)
    await at.done(f"{path}/release/consent", "head-USA", TO_FORUM)
    await at.done(f"/api/prepared/{act['id']}/send", "head-JPN")
    assert (await at.read("/api/releases", "head-CHN"))["total"] == 1


async def test_the_list_is_of_a_moment_and_comes_in_pages(at: Room) -> None:
    path = await adopted(at)
    first = await released(at, path)
    between = at.turn(minutes=1)
    at.turn(minutes=1)
    second = await released(at, path, to="public")
    page = await at.read("/api/releases?limit=1", "head-USA")
    assert ([one["id"] for one in page["items"]], page["total"]) == ([second["id"]], 2)
    rest = await at.read(f"/api/releases?limit=1&after={page['next']}", "head-USA")
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([first["id"]], None)
    for moment in ("as_of", "effective_at"):
        then = await at.read(f"/api/releases?{moment}={between.isoformat().replace('+00:00', 'Z')}", "head-USA")
        assert [one["id"] for one in then["items"]] == [first["id"]]
    for filtered, ids in (("to=public", [second["id"]]), ("edition=2027", []), ("kind=chairs-statement", [])):
        assert [one["id"] for one in (await at.read(f"/api/releases?{filtered}", "head-USA"))["items"]] == ids


async def test_an_outcome_that_was_set_aside_is_not_released(at: Room) -> None:
    path = await adopted(at, release="forum")
    at.turn(minutes=1)
    letter = {
        "revision": 0,
        "reason": "No.",
        "on_behalf_of": "USA",
        "reference": "Letter 7",
        "received": "2026-03-01T00:00:00Z",
    }
    await at.done(f"{path}/objections", "secretary", letter)
    await at.done(f"{path}/decision/set-aside", "secretary", {"reason": "It lay there.", "instruction": "Note 2"})
    refused = await at.post(f"{path}/release/consent", "head-JPN", TO_FORUM, If_Match="*")
    assert refused.json()["type"] == "/problems/not-releasable"
