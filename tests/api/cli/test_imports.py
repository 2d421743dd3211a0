"""`accord import unga` as an operator runs it: ended by force and begun again, with flawed files, and while others serve."""

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import psycopg
import pytest
from psycopg import Connection

from infrastructure.postgres.embedded import Server, data_folder
from tests.api.cli.test_programs import ACCORD, PATIENCE, accord, environment, words
from tests.crash.machine import place

VOTES: Final = Path(__file__).parents[2] / "data" / "unga_four_party_votes.csv"
HEADER: Final = "rcid,session,date,resolution,delegation,vote"
CALLS: Final = 60
ADOPTED: Final = """
    SELECT count(*) FROM record.facts
     WHERE type = 'proposal.put-to-decision' AND at <= %s
       AND convert_from(envelope, 'UTF8')::jsonb @? '$.** ? (@.adopted == true)'
"""
KINDS: Final = "SELECT type, count(*) FROM record.facts GROUP BY type"


@pytest.fixture
def folder() -> Generator[Path]:
    with place() as folder:
        yield folder


def votes(calls: int = CALLS) -> list[str]:
    """In three sessions: a third adopted, a third blocked by USA alone, a third with USA absent."""
    rows: list[str] = []
    for rcid in range(calls):
        call = f"{rcid},{rcid % 3 + 1},196{rcid % 3}-12-19,R/{rcid}"
        rows.append(f"{call},JPN,yes")
        rows.extend(f"{call},USA,{vote}" for vote in [("abstain",), ("no",), ()][rcid // 3 % 3])
    return rows


def written(file: Path, rows: Sequence[str]) -> Path:
    file.write_text("\n".join([HEADER, *rows]))
    return file


def loaded(*options: str | Path) -> dict[str, Any]:
    ended = accord("import", "unga", *options, "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def totals(said: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(said[name] for name in ("proposals", "positions", "adopted", "no_consensus", "lapsed", "sole_objector"))


def begun(file: Path, folder: Path) -> "subprocess.Popen[str]":
    command = [ACCORD, "import", "unga", file, "--data", folder]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, env=environment())


@contextmanager
def record(folder: Path) -> Generator[Connection]:
    with Server(data_folder(folder)) as server, psycopg.connect(server.database().owner_url, autocommit=True) as session:
        yield session


def position(session: Connection) -> int:
    """How much is recorded; 0 also where there is no record yet."""
    if session.execute("SELECT to_regclass('record.head')").fetchone() == (None,):
        return 0
    ((reached,),) = session.execute("SELECT position FROM record.head").fetchall()
    return reached


@pytest.mark.campaign
def test_an_import_that_is_killed_again_and_again_ends_as_one_that_was_not(folder: Path) -> None:
    file = written(folder / "votes.csv", votes())
    with record(folder / "data") as session:
        for reached in (1, 150, 350):
            with begun(file, folder / "data") as importing:
                while position(session) < reached:
                    assert importing.poll() is None, "it is killed before its end"
                importing.kill()
            assert importing.returncode == -signal.SIGKILL
        said = loaded(file, "--data", folder / "data")
        facts = dict(session.execute(KINDS).fetchall())
    assert totals(said) == (60, 102, 21, 21, 18, {"USA": 21})
    assert said["recorded"] > 0
    expected = {
        "edition.announced": 3, "edition.closed": 3, "agenda.closed": 3, "agenda.sitting-convened": 60,
        "agenda.attendance-marked": 60, "agenda.proposal-numbered": 60, "proposal.tabled": 60,
        "proposal.position-taken": 102, "proposal.put-to-decision": 42, "proposal.concluded": 39,
    }  # fmt: skip
    assert {kind: facts[kind] for kind in expected} == expected


@pytest.mark.campaign
def test_a_file_once_loaded_adds_nothing_and_another_is_refused_with_a_sentence(folder: Path) -> None:
    file, data = written(folder / "votes.csv", votes(9)), ("--data", folder / "data")
    with record(folder / "data") as session:
        first = loaded(file, *data)
        before = position(session)
        again = accord("import", "unga", file, *data)
        assert "nothing was added" in words(again.stdout)
        assert "unga-3" in again.stdout
        second = loaded(written(folder / "again.csv", Random(1).sample(votes(9), 15)), *data)
        assert (totals(second), first["recorded"] > 0, second["recorded"]) == (totals(first), True, 0)
        fewer = accord("import", "unga", file, "--format", "JPN", *data)
        assert "the delegations of this forum are JPN, USA" in words(fewer.stderr)
        other = accord("import", "unga", written(folder / "other.csv", votes(10)), *data)
        assert "This folder was loaded from another file" in words(other.stderr)
        assert (again.returncode, fewer.returncode, other.returncode) == (0, 1, 1)
        assert position(session) == before


def test_what_is_malformed_is_named_and_only_skipped_where_that_is_asked(folder: Path) -> None:
    rows = votes(9)
    rows[3:3] = ["1,2,1961-12-19,R/1,JPN", "7,2,1961-12-20,R/7,JPN,yes"]
    file = written(folder / "votes.csv", rows)
    refused = accord("import", "unga", file, "--data", folder / "data")
    assert refused.returncode == 1
    assert "line 5: the number of its fields is 5" in words(refused.stderr)
    assert "roll call 7 has another session" in words(refused.stderr)
    assert "--skip-bad" in refused.stderr
    assert not (folder / "data").exists()
    said = loaded(file, "--skip-bad", "--data", folder / "data")
    assert said["skipped_roll_calls"] == [1, 7]
    assert [(flaw["line"], flaw["roll_call"]) for flaw in said["skipped_lines"]] == [(5, 1), (17, 7)]
    assert said["proposals"] == 7
    shown = accord("import", "unga", file, "--skip-bad", "--data", folder / "data")
    assert "Skipped: 2 roll calls" in words(shown.stdout)
    assert "nothing was added" in words(shown.stdout)


@pytest.mark.campaign
def test_the_whole_file_killed_at_any_moment_with_its_database_comes_to_what_its_rows_say(folder: Path) -> None:
    random = Random(7)
    for _ in range(8):
        with begun(VOTES, folder / "data") as importing:
            try:
                importing.wait(timeout=random.uniform(0.5, 7))
            except subprocess.TimeoutExpired:
                importing.kill()
    said = loaded(VOTES, "--data", folder / "data")
    whole = loaded(VOTES, "--data", folder / "undisturbed")
    assert totals(said) == totals(whole)
    kinds: list[dict[Any, Any]] = []
    for data in ("data", "undisturbed"):
        with record(folder / data) as session:
            kinds.append(dict(session.execute(KINDS).fetchall()))
    assert kinds[0] == kinds[1]
    assert Counter(kinds[0])["proposal.position-taken"] == said["positions"] == 18848


@contextmanager
def serving(folder: Path) -> Generator[str]:
    command = [ACCORD, "serve", "--data", folder, "--port", "0"]
    with (folder.parent / "serve.log").open("a+") as log:
        end = log.seek(0, 2)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, text=True, env=environment()) as process:
            try:
                yield next(_bases(folder.parent / "serve.log", end, process))
            finally:
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=PATIENCE) == 0


def _bases(log: Path, end: int, process: "subprocess.Popen[str]") -> Iterator[str]:
    """Where it serves, as soon as it says so."""
    while process.poll() is None:
        if said := [line for line in log.read_text()[end:].splitlines() if line.startswith("Serving") and "http" in line]:
            yield said[-1].split()[-1]


def adopted_then(http: httpx.Client, base: str, moment: datetime) -> int | None:
    """By the list; None while the views are too far behind to say."""
    asked = {"status": "adopted", "limit": 1, "as_of": moment.isoformat()}
    answer = http.get(f"{base}/api/proposals", params=asked)
    if answer.status_code == 503:
        assert answer.json()["type"].endswith("/lagging"), answer.text
        return None
    assert answer.status_code == 200, answer.text
    return answer.json()["total"]


@pytest.mark.campaign
def test_two_processes_serve_the_totals_of_each_moment_while_the_whole_file_is_loaded(folder: Path) -> None:
    data = folder / "data"
    token = loaded(written(folder / "first.csv", _of_session("50")), "--data", data)["token"]
    told: list[tuple[datetime, int]] = []
    with (
        record(data) as session,
        serving(data) as one,
        serving(data) as other,
        httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE) as http,
    ):
        with begun(VOTES, data) as importing:
            while importing.poll() is None:
                ((now,),) = session.execute("SELECT clock_timestamp()").fetchall()
                told.extend((now, total) for base in (one, other) if (total := adopted_then(http, base, now)) is not None)
        assert importing.returncode == 0
        assert len({total for _, total in told}) > 5, "it was asked in the middle"
        expected = {moment: session.execute(ADOPTED, [moment]).fetchall()[0][0] for moment, _ in told}
        assert told == [(moment, expected[moment]) for moment, _ in told]
        moments = sorted(expected)[:: max(1, len(expected) // 20)]
        while adopted_then(http, one, moments[-1]) is None or adopted_then(http, other, moments[-1]) is None:
            pass
        for base in (one, other):
            assert [adopted_then(http, base, moment) for moment in moments] == [expected[moment] for moment in moments]


def _of_session(session: str) -> list[str]:
    return [row for row in VOTES.read_text().splitlines()[1:] if row.split(",")[1] == session]
