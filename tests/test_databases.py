import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from infrastructure.postgres.embedded import Database
from tests.databases import Worker, sweep


def names(session: Connection[Any]) -> set[str]:
    return {name for (name,) in session.execute("SELECT datname FROM pg_database")}


def test_each_test_has_a_database_of_its_own_that_is_gone_afterwards(worker: Worker) -> None:
    with worker.database(worker.name) as first, worker.database(worker.name) as second:
        assert {first.name, second.name} <= names(worker.session)
        assert first.name != second.name
    assert not {first.name, second.name} & names(worker.session)


def test_a_database_closes_even_under_an_open_session(worker: Worker) -> None:
    with worker.database(worker.name) as database:
        session = psycopg.connect(database.app_url)
    with session, pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")


def test_databases_of_killed_runs_are_dropped_and_those_of_live_runs_kept(worker: Worker, database: Database) -> None:
    worker.session.execute("CREATE DATABASE run_7")
    worker.session.execute("CREATE DATABASE run_7_1")
    with psycopg.connect(worker.server.database("postgres").superuser_url, autocommit=True) as other:
        sweep(other)
        assert not {"run_7", "run_7_1"} & names(other)
        assert {worker.name, database.name} <= names(other)


TRIAL = """
import pytest
def test_skipped(): pytest.skip("for want of everything")
@pytest.mark.xfail
def test_known(): assert False
"""


def test_a_skip_is_a_failure_where_everything_is_demanded(tmp_path: Path) -> None:
    (tmp_path / "test_trial.py").write_text(TRIAL)
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "tests.conftest", "-c", "pyproject.toml", tmp_path]
    done = subprocess.run(command, env=os.environ | {"ACCORD_TEST_ALL": "1"}, stdout=subprocess.PIPE, text=True, check=False)
    assert "1 failed, 1 xfailed" in done.stdout
