from pathlib import Path

import pytest

from api.compose import Addresses, NotDoneError, back_up, put_back
from infrastructure.postgres.embedded import Database
from tests.api.scene import Room, room, seeded, tabled
from tests.infrastructure.eventlog.scene import Hands, audited, login

pytestmark = pytest.mark.anyio

PATHS = ("/api/forum", "/api/proposals", "/api/progress", "/api/events?limit=200")


def addresses(of: Database) -> Addresses:
    return Addresses(of.owner_url, of.app_url, of.projector_url)


async def read(at: Room, *paths: str) -> list[object]:
    return [await at.read(path, "chair") for path in paths]


async def test_what_was_backed_up_is_read_and_gone_on_with_where_it_was_restored(
    database: Database, blank: Database, tmp_path: Path
) -> None:
    file = tmp_path / "forum.backup"
    with login(database.owner_url) as owner:
        async with room(database, Hands(owner)) as at:
            path = f"/api/proposals/{await tabled(at)}"
            before = await read(at, *PATHS, path, f"{path}/history")
            revoked = at.roles["auditor"]
            back_up(addresses(database), file)
            lost = await at.done(f"{path}/endorsements", "head-JPN", {"revision": 0}, Idempotency_Key="lost")
            (token,) = (await at.read("/api/me/tokens", "auditor"))["items"]
            assert (
                await at.client.delete(f"/api/me/tokens/{token['id']}", headers=at.headers("auditor", {}))
            ).status_code == 204
            later = await at.done("/api/me/tokens", "chair", {"expires": "2099-01-01T00:00:00Z"})
            roles, people, now = at.roles, at.people, at.now
    assert file.stat().st_mode & 0o077 == 0
    found = put_back(addresses(blank), file)
    with login(blank.owner_url) as owner:
        async with room(blank, Hands(owner, now), entropy=seeded(8), roles=roles, people=people, now=now) as at:
            await at.caught_up()
            assert await read(at, *PATHS, path, f"{path}/history") == before
            assert found.facts == (await at.house.log.horizon()).position
            at.roles |= {"later": later["token"], "revoked": revoked}
            assert (await at.get("/api/me", "later")).status_code == 401, "it was made afterwards"
            assert (await at.get("/api/me", "revoked")).status_code == 200, "it was revoked afterwards"
            beyond = await at.get("/api/proposals", "head-JPN", Accord_Position=lost["position"])
            assert (beyond.status_code, beyond.headers["Retry-After"]) == (503, "1")
            again = await at.done(f"{path}/endorsements", "head-JPN", {"revision": 0}, Idempotency_Key="lost")
            assert again["command"] != lost["command"], "its first answer was forgotten"
            at.turn(seconds=1)
            assert (await at.get("/api/proposals", "head-JPN", Accord_Position=lost["position"])).status_code == 200


async def prepared(at: Room) -> tuple[str, str, int]:
    """Words of Japan's own, in its own book: the act, the erasures of the book, and where they stand."""
    body = {"revision": 0, "reason": "Not for paper."}
    said = {"delegation": "JPN", "act": "objections", "target": await tabled(at), "body": body}
    done = await at.done("/api/prepared", "adviser-JPN", said)
    words = done["facts"][-1]
    return f"/api/prepared/{done['id']}", f"/api/books/{words['book']}/erasures", words["index"]


async def test_what_was_erased_before_is_in_no_backup_and_what_is_restored_can_be_erased(
    database: Database, blank: Database, tmp_path: Path
) -> None:
    file = tmp_path / "forum.backup"
    with login(database.owner_url) as owner:
        async with room(database, Hands(owner)) as at:
            gone, erasures, index = await prepared(at)
            await at.done(erasures, "head-JPN", {"facts": [index], "basis": "misplaced"})
            kept, _, later = await prepared(at)
            back_up(addresses(database), file)
            roles, people, now = at.roles, at.people, at.now
    put_back(addresses(blank), file)
    with login(blank.owner_url) as owner:
        async with room(blank, Hands(owner, now), entropy=seeded(9), roles=roles, people=people, now=now) as at:
            assert (await at.read(gone, "head-JPN"))["body"] == ""
            assert "Not for paper." in (await at.read(kept, "head-JPN"))["body"]
            at.turn(seconds=1)
            await at.done(erasures, "head-JPN", {"facts": [later], "basis": "misplaced"})
            assert (await at.read(kept, "head-JPN"))["body"] == ""
        audited(owner)


def test_nothing_is_restored_over_what_is_there_and_no_file_is_written_over(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "forum.backup"
    left = tmp_path / "forum.backup.unfinished"  # by a try that was killed
    left.touch(mode=0o666)
    back_up(addresses(database), file)
    assert (file.stat().st_mode & 0o077, left.exists()) == (0, False)
    with pytest.raises(NotDoneError, match="is there already"):
        back_up(addresses(database), file)
    with pytest.raises(NotDoneError, match="not empty"):
        put_back(addresses(database), file)


def test_a_file_that_holds_no_backup_leaves_the_database_empty(database: Database, blank: Database, tmp_path: Path) -> None:
    file, torn = tmp_path / "forum.backup", tmp_path / "torn"
    back_up(addresses(database), file)
    torn.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(NotDoneError, match="pg_restore failed"):
        put_back(addresses(blank), torn)
    assert put_back(addresses(blank), file).facts == 0
