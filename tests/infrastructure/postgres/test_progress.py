from pathlib import Path

import pytest

from infrastructure.postgres.errors import EmbeddedPostgresError
from infrastructure.postgres.progress import PATIENCE, QUIET, Progress


class Start:
    """A start that is watched by a clock and a log of our own."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.log.write_text("2026-11-24 10:00:00.000 UTC [1] LOG:  database system is shut down\n")
        self.time = 0.0
        self.said: list[str] = []
        self.progress = Progress(log, self.said.append, lambda: self.time)

    def after(self, seconds: float, line: str = "") -> None:
        self.time += seconds
        if line:
            with self.log.open("a") as log:
                log.write(f"2026-11-24 10:00:00.000 UTC [2] LOG:  {line}\n")
        self.progress.look()


@pytest.fixture
def start(tmp_path: Path) -> Start:
    return Start(tmp_path / "server.log")


def test_a_short_start_is_made_without_a_word(start: Start) -> None:
    start.after(QUIET, "starting PostgreSQL")
    assert start.said == []


def test_a_long_one_says_how_far_it_is_once_a_line(start: Start) -> None:
    start.after(QUIET + 1, "redo in progress, elapsed time: 1.00 s")
    start.after(1)
    start.after(1, "redo in progress, elapsed time: 2.00 s")
    assert start.said == [f"PostgreSQL is starting: redo in progress, elapsed time: {n}.00 s" for n in (1, 2)]


def test_one_that_moves_is_waited_for_without_an_end(start: Start) -> None:
    for hour in range(100):
        start.after(PATIENCE, f"redo in progress, hour {hour}")
    assert len(start.said) == 100


def test_one_that_stands_still_fails_with_what_it_said_last(start: Start) -> None:
    start.after(1, "redo starts at 0/1")
    start.after(PATIENCE)
    with pytest.raises(EmbeddedPostgresError, match=r"silent for 120 s: .*redo starts at 0/1") as refused:
        start.after(1)
    assert "shut down" not in str(refused.value), "that was an earlier run"
