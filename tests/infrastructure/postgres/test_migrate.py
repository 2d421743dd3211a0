import re
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Final

import psycopg
import pytest

from infrastructure.postgres.embedded import Database
from infrastructure.postgres.migrate import FOLDER, MigrationError, migrate

RELEASED: Final = {
    "0001_record.sql": "6ed99a254eb34e90ed11569440d03cb4f7dfb34579f254642306b7526b0b55e8",
    "0002_views.sql": "152c3995d6a4a80d5b829541d4e6adeafc2f3a62ae6da264fa356254dadf6505",
    "0003_people.sql": "28a86b0e88b350c351ac0c3ed1eb4a263a76519c393319f24230411a5c97ef21",
}
"""What databases have run, by SHA-256: they are not brought up to date by a program that has other files."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "0001_words.sql", "CREATE TABLE words (word text)")
    write(tmp_path, "0002_first.sql", "INSERT INTO words VALUES ('first'); INSERT INTO words VALUES ('second')")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)


def words(database: Database) -> list[str]:
    with psycopg.connect(database.owner_url) as session:
        return [word for (word,) in session.execute("SELECT word FROM words")]


def test_ours_are_numbered_without_a_gap() -> None:
    names = sorted(file.name for file in FOLDER.glob("*.sql"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.sql", name) for name in names)


def test_those_that_were_released_are_as_they_were() -> None:
    assert {name: sha256((FOLDER / name).read_bytes()).hexdigest() for name in RELEASED} == RELEASED


def test_ours_are_what_every_test_has(database: Database) -> None:
    assert migrate(database.owner_url) == []


def test_each_file_runs_once_in_order(blank: Database, folder: Path) -> None:
    assert migrate(blank.owner_url, folder=folder) == ["0001_words.sql", "0002_first.sql"]
    assert migrate(blank.owner_url, folder=folder) == []
    write(folder, "0003_third.sql", "INSERT INTO words VALUES ('third')")
    assert migrate(blank.owner_url, folder=folder) == ["0003_third.sql"]
    assert words(blank) == ["first", "second", "third"]


def test_two_at_once_run_each_file_once(blank: Database, folder: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(migrate, blank.owner_url, folder=folder) for _ in range(2)]
    assert sorted(run.result() for run in runs) == [[], ["0001_words.sql", "0002_first.sql"]]
    assert words(blank) == ["first", "second"]


def test_a_file_that_fails_leaves_nothing_of_itself_and_keeps_those_before(blank: Database, folder: Path) -> None:
    write(folder, "0003_wrong.sql", "INSERT INTO words VALUES ('third'); SELECT 1 / 0")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(blank.owner_url, folder=folder)
    assert words(blank) == ["first", "second"]
    write(folder, "0003_wrong.sql", "INSERT INTO words VALUES ('right')")
    assert migrate(blank.owner_url, folder=folder) == ["0003_wrong.sql"]


def test_an_edited_file_is_refused(blank: Database, folder: Path) -> None:
    migrate(blank.owner_url, folder=folder)
    write(folder, "0001_words.sql", "CREATE TABLE words (word text NOT NULL)")
    with pytest.raises(MigrationError, match=r"0001_words\.sql was edited"):
        migrate(blank.owner_url, folder=folder)


def test_a_file_that_comes_before_one_that_was_run_is_refused(blank: Database, folder: Path) -> None:
    migrate(blank.owner_url, folder=folder)
    write(folder, "0001_also.sql", "SELECT 1")
    with pytest.raises(MigrationError, match=r"has run 0001_words\.sql, 0002_first\.sql; this program knows 0001_also\.sql"):
        migrate(blank.owner_url, folder=folder)


def test_a_database_that_is_ahead_of_the_program_is_refused(blank: Database, folder: Path) -> None:
    migrate(blank.owner_url, folder=folder)
    (folder / "0002_first.sql").unlink()
    with pytest.raises(MigrationError, match="has run"):
        migrate(blank.owner_url, folder=folder)


def test_a_change_waits_for_nobody_long_and_runs_within_a_bound(blank: Database, folder: Path) -> None:
    write(folder, "0003_limits.sql", "INSERT INTO words SELECT current_setting(name) FROM unnest("
          "ARRAY['lock_timeout', 'statement_timeout']) AS name")  # fmt: skip
    migrate(blank.owner_url, folder=folder)
    assert words(blank)[2:] == ["5s", "10min"]


def test_who_serves_cannot_see_what_was_run(blank: Database, folder: Path) -> None:
    migrate(blank.owner_url, folder=folder)
    for url in (blank.app_url, blank.projector_url):
        with psycopg.connect(url) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT FROM migrations.applied")
