"""What every test may ask for."""

import os
from collections.abc import Generator
from typing import Final, TypeVar

import pytest
from hypothesis import settings

from infrastructure.postgres.embedded import Database, Server
from tests import databases
from tests.databases import Worker

pytest.register_assert_rewrite("tests.domain.scenario")  # before any test imports it: its assertions are the tests' own

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

ALL: Final = os.environ.get("ACCORD_TEST_ALL") == "1"
"""A skip is a failure: everything that a test needs is said to be there."""

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _demanded(report) if ALL and not hasattr(report, "wasxfail") else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _demanded(report) if ALL else report


def _demanded(report: R) -> R:
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped under ACCORD_TEST_ALL=1: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Generator[Server]:
    with databases.shared() as running:
        yield running


@pytest.fixture(scope="session")
def worker(server: Server) -> Generator[Worker]:
    with databases.worker(server) as itself:
        yield itself


@pytest.fixture
def database(worker: Worker) -> Generator[Database]:
    """An empty one of the current shape."""
    with worker.database(worker.name) as database:
        yield database


@pytest.fixture
def blank(worker: Worker) -> Generator[Database]:
    """One that no migration has run in."""
    with worker.database("template1") as database:
        yield database
