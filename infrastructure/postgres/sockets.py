"""The folder of the embedded server's socket, its only address."""

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from psycopg.pq import PGconn, Ping

from infrastructure.postgres.account import Account
from infrastructure.postgres.errors import EmbeddedPostgresError

PORT: Final = 5432
"""A part of the socket's name; no port is opened."""
LONGEST: Final = 103
"""Bytes that every system takes as a socket's path; macOS has the shortest limit."""


def folder(home: Path, account: Account) -> Path:
    """In the home; where its path is too long for a socket, a private one among the system's temporary files.

    So where it has a comma, which would make two hosts of it.
    """
    ours = home / "socket"
    if len(os.fsencode(ours / f".s.PGSQL.{PORT}")) <= LONGEST and "," not in str(ours):
        return _secluded(ours, account)
    name = sha256(os.fsencode(home)).hexdigest()[:16]
    return _secluded(Path(tempfile.gettempdir()) / f"accord-{name}", account)


def _secluded(folder: Path, account: Account) -> Path:
    """A folder of the server's user alone. One that somebody else put there first is not used."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    private = found.st_uid in {account.uid, os.geteuid()} and not found.st_mode & 0o077
    if not (private and stat.S_ISDIR(found.st_mode)):
        raise EmbeddedPostgresError(f"{folder} is not private to {account.name}: remove it, or name another data folder.")
    account.own(folder)
    return folder


def clear(folder: Path) -> None:
    """Remove what a dead server left: by the process id in it the next one would take anybody for that server."""
    for left in folder.glob(".s.PGSQL.*"):
        left.unlink()


def accepts(folder: Path) -> bool:
    """Whether the server takes connections; one that recovers answers, too, but does not."""
    return PGconn.ping(f"host='{folder}' port={PORT} connect_timeout=5".encode()) == Ping.OK
