"""`accord bundle`, `accord mirror` and `accord verify`: a book is taken away and checked, by the program and by the file inside."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from anyio import to_thread
from msgspec.structs import replace

from application.trust import Keyring
from domain.record import archive, fork
from domain.record.leaf import leaf
from domain.record.tree import nodes
from infrastructure.postgres.embedded import Database
from infrastructure.record.signer import keys
from tests.api.cli.calling import ACCORD, Ended, asked, called, ended
from tests.api.scene import NOON, Room, book_of, room, served, tabled
from tests.infrastructure.eventlog.scene import Hands, Session
from tests.infrastructure.record.bundles import BEGUN, LOG, ORIGIN, Book, book, golden, kept, story
from tests.infrastructure.record.keeping import notary_of, signed

pytestmark = pytest.mark.anyio


@dataclass
class Scene:
    at: Room
    owner: Session


@pytest.fixture
async def scene(database: Database, tmp_path: Path) -> AsyncIterator[Scene]:
    with psycopg.connect(database.owner_url, autocommit=True) as owner, notary_of(tmp_path / "signer") as notary:
        async with room(database, Hands(owner, NOON), reacts=False, signer=notary) as opened_room:
            await tabled(opened_room)
            await signed(owner)
            yield Scene(opened_room, owner)


async def verify(what: Path | str, home: Path, *more: str | Path) -> Ended:
    return await ended([ACCORD, "verify", str(what), "--data", home, *more])


async def test_the_bundle_of_a_whole_book_verifies_by_the_program_and_alone(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "plenary.zip"
    taken = await called(scene.at, "bundle", "plenary", "-o", str(file))
    assert taken.exit_code == 0, taken.stderr
    found = await verify(file, tmp_path / "home")
    assert found.exit_code == 0, found.stdout
    assert "held         state: a replay of" in found.stdout
    assert "Nothing failed. Not checked: signed acts." in found.stdout
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "verify.py").write_bytes(archive.parsed(file.read_bytes())["verify.py"])
    alone = await to_thread.run_sync(_alone, tmp_path / "alone" / "verify.py", file)
    assert alone.returncode == 0, alone.stdout


def _alone(program: Path, file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", program, file]
    return subprocess.run(command, cwd=program.parent, capture_output=True, text=True, check=False)


async def test_each_book_of_a_running_forum_is_verified_at_its_address(scene: Scene, tmp_path: Path) -> None:
    async with served(scene.at.house) as port:
        url = f"http://127.0.0.1:{port}"
        found = await asked(scene.at, port, "verify", url, "--json", "--data", str(tmp_path))
        one = await ended([ACCORD, "verify", f"{url}/book/{await book_of(scene.at, 'head-CHN', 'public')}", "--data", tmp_path])
    assert found.exit_code == 0, found.stderr
    reports = [json.loads(line) for line in found.stdout.splitlines()]
    assert all(report["holds"] and report["counts"]["verified"] == report["size"] for report in reports)
    assert len(reports) == len((await scene.at.read("/api/books", "head-CHN"))["items"])
    assert one.exit_code == 0, one.stderr


async def test_a_bundle_is_no_more_and_no_less_than_its_reader_may_have(scene: Scene) -> None:
    book_id = await book_of(scene.at, "head-JPN", "format", "japan-us")
    assert (await scene.at.get(f"/book/{book_id}/bundle", "head-JPN")).status_code == 200
    stranger = await scene.at.get(f"/book/{book_id}/bundle", "head-CHN")
    nothing = await scene.at.get("/book/00000000-0000-4000-8000-000000000000/bundle", "head-CHN")
    assert stranger.status_code == nothing.status_code == 404
    assert stranger.json() == nothing.json()


async def test_the_same_book_makes_the_same_bundle(scene: Scene) -> None:
    book_id = await book_of(scene.at, "head-CHN", "format", "plenary")
    first, again = [await scene.at.get(f"/book/{book_id}/bundle", "head-CHN") for _ in range(2)]
    assert first.content == again.content
    assert int(first.headers["Content-Length"]) == len(first.content)


async def test_what_a_retired_key_alone_has_signed_is_in_no_bundle(database: Database, tmp_path: Path) -> None:
    passed = timedelta()
    with (
        psycopg.connect(database.owner_url, autocommit=True) as owner,
        notary_of(tmp_path / "signer", lambda: NOON + passed) as notary,
    ):
        async with room(database, Hands(owner, NOON), reacts=False, signer=notary) as at:
            for _ in range(2):
                await tabled(at)
                await signed(owner)
            keys.rotate(tmp_path / "signer", "log", NOON, timedelta())
            passed = timedelta(minutes=1)
            at.house.keyring = Keyring(notary)
            for _ in range(2):
                await tabled(at)
                await signed(owner)
            book_id = await book_of(at, "head-CHN", "format", "plenary")
            found = await at.get(f"/book/{book_id}/bundle", "head-CHN")
    (tmp_path / "plenary.zip").write_bytes(found.content)
    checked = await verify(tmp_path / "plenary.zip", tmp_path / "home")
    assert checked.exit_code == 0, checked.stdout
    assert "earlier checkpoints: 1, each signed by the log" in checked.stdout


async def test_a_part_is_opened_if_it_lies_in_the_book(scene: Scene) -> None:
    book_id = await book_of(scene.at, "head-CHN", "public")
    part = await scene.at.get(f"/book/{book_id}/bundle?from=1&to=3", "head-CHN")
    assert len(archive.parsed(part.content)["openings.jsonl"].splitlines()) == 2
    for span in ("from=3&to=2", "to=100000", "from=-1", "from=x"):
        assert (await scene.at.get(f"/book/{book_id}/bundle?{span}", "head-CHN")).status_code == 400


async def test_a_mirror_verifies_and_grows_with_its_book(scene: Scene, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    assert (await called(scene.at, "mirror", "plenary", str(folder))).exit_code == 0
    assert (await verify(folder, tmp_path / "home")).exit_code == 0
    before = (folder / "checkpoint").read_bytes()
    await tabled(scene.at)
    await signed(scene.owner)
    assert (await called(scene.at, "mirror", "plenary", str(folder))).exit_code == 0
    assert (folder / "checkpoint").read_bytes() != before
    found = await verify(folder, tmp_path / "home")
    assert found.exit_code == 0, found.stdout
    assert "committed-not-disclosed, a mirror opens none" in found.stdout
    assert "remembered checkpoints: 1 agree" in found.stdout


async def test_a_mirror_is_left_as_it_is_where_the_book_does_not_begin_with_it(scene: Scene, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    await called(scene.at, "mirror", "public", str(folder))
    served_note = (folder / "checkpoint").read_text()
    lines = served_note.split("\n")
    other = "\n".join([lines[0], "1", "A" * 43 + "=", *lines[3:]])
    (folder / "checkpoint").write_text(other)
    refused = await called(scene.at, "mirror", "public", str(folder))
    assert refused.exit_code == 1
    assert "a fork" in refused.stderr
    assert (folder / "checkpoint").read_text() == other
    (folder / "checkpoint").write_text("\n".join([lines[0], "999", *lines[2:]]))
    gone_back = await called(scene.at, "mirror", "public", str(folder))
    assert "The book has gone back: 999 facts are kept" in gone_back.stderr


# Of what is handed round as files


def forked() -> Book:
    true = book()
    other = kept(story()[2], 2, BEGUN + timedelta(seconds=2), signature="another")
    return replace(true, facts=(*true.facts[:2], other, *true.facts[3:]))


async def test_two_pasts_that_meet_in_one_reader_are_evidence_that_verifies(tmp_path: Path) -> None:
    (tmp_path / "one.zip").write_bytes(golden())
    (tmp_path / "other.zip").write_bytes(forked().bundle())
    assert (await verify(tmp_path / "one.zip", tmp_path / "home")).exit_code == 0
    found = await verify(tmp_path / "other.zip", tmp_path / "home")
    assert found.exit_code == 1
    assert "you have seen another past of 7 facts, signed by the log: a fork" in found.stdout
    (evidence,) = (tmp_path / "home" / "seen" / "evidence").iterdir()
    assert str(evidence) in found.stdout
    shown = await verify(evidence, tmp_path / "elsewhere")
    assert shown.exit_code == 0, shown.stdout
    assert f"{ORIGIN}: the log has signed two pasts, of 7 and of 7 facts." in shown.stdout
    assert "compare them with the printed ones" in shown.stdout


async def test_evidence_that_shows_nothing_is_refused(tmp_path: Path) -> None:
    read = nodes([leaf(one.entry) for one in forked().facts])
    true = fork.found(book().note(), forked().note(), read, [LOG.key(ORIGIN)])
    assert true is not None
    (tmp_path / "fork").write_bytes(bytes(replace(true, second=true.first)))
    found = await verify(tmp_path / "fork", tmp_path)
    assert found.exit_code == 1
    assert "This shows no fork" in found.stdout


async def test_a_policy_of_ones_own_is_believed_and_a_broken_one_named(tmp_path: Path) -> None:
    (tmp_path / "one.zip").write_bytes(golden())
    (tmp_path / "policy").write_bytes(archive.parsed(golden())["policy"])
    found = await verify(tmp_path / "one.zip", tmp_path, "--policy", tmp_path / "policy")
    assert found.exit_code == 0, found.stdout
    assert "held         policy: your own" in found.stdout
    (tmp_path / "policy").write_text("nobody\n")
    broken = await verify(tmp_path / "one.zip", tmp_path, "--policy", tmp_path / "policy")
    assert broken.exit_code == 1
    assert "is no policy: line 1" in broken.stderr
