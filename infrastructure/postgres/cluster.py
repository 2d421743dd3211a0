"""The data of an embedded server: how it is made, and what wrote it."""

import locale
import os
import secrets
import shutil
import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infrastructure.postgres.account import Account
from infrastructure.postgres.binaries import Binaries
from infrastructure.postgres.errors import EmbeddedPostgresError

SUPERUSER: Final = "postgres"
UTF8: Final = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")
BUILTIN_LOCALES: Final = 17
"""The major version from which PostgreSQL brings a locale of its own."""
UNFINISHED: Final = "initdb-"


def major(cluster: Path) -> int | None:
    """The major version that wrote the data; None where there is none."""
    try:
        return int((cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def create(cluster: Path, programs: Binaries, account: Account, password: str, *, sync: bool) -> None:
    """Make the data beside its place and put it there whole: a start that was killed leaves nothing that looks like data.

    Raises EmbeddedPostgresError.
    """
    for left in cluster.parent.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    with _workshop(cluster.parent, account) as workshop:
        word = workshop / "password"
        word.touch(mode=0o600)
        word.write_text(password)
        account.own(word)
        _initdb(programs, account, workshop / "cluster", word, sync=sync)
        (workshop / "cluster").rename(cluster)
        _sync(cluster.parent)


@contextmanager
def _workshop(parent: Path, account: Account) -> Generator[Path]:
    folder = parent / f"{UNFINISHED}{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    account.own(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initdb(programs: Binaries, account: Account, cluster: Path, password: Path, *, sync: bool) -> None:
    command: list[str | Path] = [
        programs.folder / "initdb",
        f"--pgdata={cluster}",
        f"--username={SUPERUSER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--data-checksums",
        *_locale(programs.major),
        *(() if sync else ("--no-sync",)),
    ]
    done = run(command, account)
    if done.returncode:
        raise EmbeddedPostgresError(f"initdb failed: {done.stdout.strip()}")


def _locale(version: int) -> Iterator[str]:
    """Said in full, so that nothing depends on the environment: Unicode's characters in the order of their code points.

    LC_CTYPE must be a UTF-8 one even where PostgreSQL brings its own: with C, pg_trgm takes no CJK character for a letter.
    """
    yield "--encoding=UTF8"
    yield f"--lc-ctype={_utf8()}"
    yield from (f"--lc-{name}=C" for name in ("collate", "messages", "monetary", "numeric", "time"))
    if version >= BUILTIN_LOCALES:
        yield from ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")


def _utf8() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return next(filter(_settable, UTF8))
    except StopIteration:
        raise EmbeddedPostgresError(
            f"This system has no UTF-8 locale, none of {', '.join(UTF8)}: install one (Debian: locales)."
        ) from None
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _settable(name: str) -> bool:
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    return True


def _sync(folder: Path) -> None:
    """Make the names in the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def run(command: list[str | Path], account: Account) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as the account, without the caller's PG variables, language and standard input."""
    return subprocess.run(
        command,
        cwd="/",
        env=environment(),
        umask=0o077,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **account.credentials,
    )


def environment() -> dict[str, str]:
    """The caller's, less what would change what PostgreSQL's programs do or say."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
