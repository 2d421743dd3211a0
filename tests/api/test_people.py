"""Names stand beside the record: they are read inside the forum, and can be erased for good."""

import psycopg
import pytest
from psycopg import sql

from infrastructure.postgres.embedded import Database
from tests.api.scene import Room, book_of, tabled

pytestmark = pytest.mark.anyio

NAME = "Hasegawa Ryōko"


async def put(at: Room, person: str, role: str | None, name: str) -> tuple[int, str | None]:
    answer = await at.client.put(f"/api/people/{person}", json={"name": name}, headers=at.headers(role, {}))
    return answer.status_code, answer.json().get("name")


async def erase(at: Room, person: str, role: str | None, **headers: str) -> int:
    return (await at.client.delete(f"/api/people/{person}/name", headers=at.headers(role, headers))).status_code


async def test_the_history_says_who_did_it_to_those_inside_the_forum(at: Room) -> None:
    path = f"/api/proposals/{await tabled(at)}"
    await at.done(f"{path}/endorsements", "head-JPN", {"revision": 0})
    history = await at.read(f"{path}/history", "head-CHN")
    assert history["names"] == {at.people["head-KOR"]: "head-KOR", at.people["head-JPN"]: "head-JPN"}


async def test_an_auditor_reads_no_names(at: Room) -> None:
    plenary = await book_of(at, "head-CHN", "format", "plenary")
    for code in ("CHN", "JPN", "KOR", "USA"):
        await at.done(f"/api/books/{plenary}/readers", f"head-{code}", {"person": at.people["auditor"]})
    path = f"/api/proposals/{await tabled(at)}/history"
    history = await at.read(path, "auditor")
    assert (history["total"] > 0, history["names"]) == (True, {})
    assert (await at.get(f"/api/people/{at.people['head-KOR']}", "auditor")).status_code == 404
    assert (await at.read(f"/api/people/{at.people['auditor']}", "auditor"))["name"] == "auditor"


async def test_one_knows_whom_one_meets(at: Room) -> None:
    adviser, auditor, chair = (f"/api/people/{at.people[role]}" for role in ("adviser-JPN", "auditor", "chair"))
    assert (await at.read(adviser, "head-CHN")) == {"id": at.people["adviser-JPN"], "name": "adviser-JPN"}
    assert (await at.read(chair, "head-CHN"))["name"] == "chair"
    assert (await at.get(auditor, "head-CHN")).status_code == 404
    assert (await at.read(auditor, "secretary"))["name"] == "auditor"
    for person in (adviser, auditor, chair, "/api/people/00000000-0000-4000-8000-000000000000"):
        nowhere = await at.get(person)
        assert (nowhere.status_code, nowhere.json()["type"]) == (404, "/problems/not-found")


async def test_the_secretary_lists_everybody_in_pages(at: Room) -> None:
    assert (await at.get("/api/people")).status_code == 401
    assert (await at.get("/api/people", "head-JPN")).json()["type"] == "/problems/may-not"
    page = await at.read("/api/people?limit=3", "secretary")
    names = [person["name"] for person in page["items"]]
    while page["next"] is not None:
        page = await at.read(f"/api/people?limit=3&after={page['next']}", "secretary")
        names.extend(person["name"] for person in page["items"])
    assert len(names) == page["total"]
    assert set(names) == {*at.people, "Secretary"}


async def test_who_holds_no_office_acts_here_as_nobody(at: Room) -> None:
    refused = await at.post("/api/people", "auditor", {"name": NAME})
    assert (refused.status_code, refused.json()["yours"]) == (403, ["nobody"])
    assert refused.json()["detail"] == "This act is for: secretary. You act here as: nobody."


async def test_a_name_is_changed_by_its_bearer_or_a_secretary(at: Room) -> None:
    person = at.people["adviser-JPN"]
    assert await put(at, person, "adviser-JPN", NAME) == (200, NAME)
    assert await put(at, person, "secretary", "R. Hasegawa") == (200, "R. Hasegawa")
    assert (await put(at, person, "head-JPN", "Somebody"))[0] == 403
    assert (await put(at, person, None, "Somebody"))[0] == 404
    assert (await at.read(f"/api/people/{person}", "head-CHN"))["name"] == "R. Hasegawa"


async def test_a_name_is_erased_for_good(at: Room) -> None:
    person = at.people["head-JPN"]
    path = f"/api/proposals/{await tabled(at, 'head-JPN')}/history"
    assert await erase(at, person, "head-KOR") == 403
    assert await erase(at, person, None) == 404
    assert [await erase(at, person, "head-JPN") for _ in range(2)] == [204, 204]
    history = await at.read(path, "head-JPN")
    assert ({item["actor"] for item in history["items"]}, history["names"]) == ({person}, {})
    assert (await at.read(f"/api/people/{person}", "secretary")) == {"id": person, "name": None}
    for role in ("head-JPN", "secretary"):
        answer = await at.client.put(f"/api/people/{person}", json={"name": NAME}, headers=at.headers(role, {}))
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/name-erased")


async def test_an_erased_name_stands_nowhere(at: Room, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """No table, no remembered answer, no line of the log; nor any that its bearer could have been named in before."""
    added = await at.post("/api/people", "secretary", {"name": NAME}, Idempotency_Key="somebody")
    person = added.json()["id"]
    seat = "/api/delegations/JPN/credentials"
    await at.done(seat, "head-JPN", {"person": person, "role": "delegate"}, Idempotency_Key="seat")
    await put(at, person, "secretary", f"Dr {NAME}")
    assert tables_with(database, NAME) == ["people.person"]
    assert await erase(at, person, "secretary", Idempotency_Key="erase") == 204
    await at.caught_up()
    assert tables_with(database, NAME) == []
    assert NAME not in "".join(capsys.readouterr())
    again = await at.post(seat, "head-JPN", {"person": person, "role": "delegate"}, Idempotency_Key="seat", If_Match="*")
    assert NAME not in again.text


def tables_with(database: Database, words: str) -> list[str]:
    """Every table of ours in which some row holds the words; the views as the projector sees them, behind no wall."""
    with psycopg.connect(database.owner_url) as owner, psycopg.connect(database.projector_url) as projector:
        listed = owner.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_)'")
        tables = [(projector if schema == "views" else owner, schema, name) for schema, name in listed.fetchall()]
        assert {schema for _, schema, _ in tables} >= {"people", "record", "views"}
        return [f"{schema}.{name}" for reader, schema, name in tables if _holds(reader, sql.Identifier(schema, name), words)]


def _holds(reader: psycopg.Connection[tuple[object, ...]], table: sql.Identifier, words: str) -> bool:
    """As text, and within bytes."""
    query = sql.SQL("SELECT count(*) FROM {} AS t WHERE strpos(t::text, %s) > 0 OR strpos(t::text, %s) > 0").format(table)
    ((count,),) = reader.execute(query, (words, words.encode().hex())).fetchall()
    return count != 0


async def test_no_token_is_made_that_holds_no_longer_and_the_invitation_is_kept(at: Room) -> None:
    person = (await at.done("/api/people", "secretary", {"name": NAME}))["id"]
    body = {"person": person, "role": "adviser"}
    invitation = (await at.done("/api/delegations/JPN/credentials", "head-JPN", body))["invitation"]
    late = {"expires": "2020-01-01T00:00:00Z"}
    for path, role, said in (("invitations", None, {"invitation": invitation}), ("me/tokens", "head-JPN", {})):
        refused = await at.post(f"/api/{path}", role, {**said, **late})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/expires")
    exchanged = {"invitation": invitation, "expires": "2099-01-01T00:00:00Z"}
    assert (await at.done("/api/invitations", None, exchanged))["token"]
