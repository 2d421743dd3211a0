"""`accord signer`, as an operator runs it."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from infrastructure.record.signer.core import Core
from tests.infrastructure.record.signing import Book

ACCORD: Final = Path(sys.executable).with_name("accord")
PATIENCE: Final = 60


@pytest.fixture
def folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="accord-signer-") as name:
        yield Path(name) / "signer"


def accord(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ACCORD, "signer", *words], capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_a_folder_is_made_once_and_its_keys_are_given_successors(folder: Path) -> None:
    assert accord("init", "--folder", folder).returncode == 0
    again = accord("init", "--folder", folder)
    assert again.returncode == 1
    assert "already" in again.stderr
    assert "signs until" in accord("rotate", "--folder", folder, "--overlap", "0").stderr
    assert {found.name for found in folder.glob("*.pem")} == {"log.1.pem", "log.2.pem", "promise.1.pem"}


def test_it_signs_until_it_is_asked_to_stop(folder: Path) -> None:
    accord("init", "--data", folder.parent)
    with subprocess.Popen([ACCORD, "signer", "run", "--data", folder.parent], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        assert running.stderr.readline() == f"Signing on {folder.resolve()}/socket\n"
        second = accord("run", "--folder", folder)
        assert second.returncode == 1
        assert "Another signer runs" in second.stderr
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 0
    assert not (folder / "socket").exists()


def test_a_lost_state_is_begun_anew_from_checkpoints(folder: Path) -> None:
    accord("init", "--folder", folder)
    book, file = Book().grown(5), folder.parent / "checkpoint"
    with Core(folder) as core:
        lines = book.sign(core, 0)
        assert isinstance(lines, tuple)
        file.write_text(f"{book.tree()}\n{''.join(map(str, lines))}")
    assert "is there, and counts" in accord("adopt", "--folder", folder, file).stderr
    (folder / "state").unlink()
    assert accord("adopt", "--folder", folder, file).stdout == f"{book.origin} at 5\n"
