"""The passwords of the embedded server: a file for each role, so that each program reads only its own."""

import os
import secrets
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from infrastructure.postgres.errors import EmbeddedPostgresError

private = partial(os.open, mode=0o600)
"""Opens, for open(), a file that nobody else may read, or lock."""


def make(folder: Path, roles: Iterable[str]) -> None:
    """Make those that lack, each in one move and durable: the data has only this way in."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for role in roles:
        file, new = folder / role, folder / f"{role}.new"
        if not file.exists():
            with open(new, "w", opener=private) as writer:
                writer.write(secrets.token_urlsafe(24))
                writer.flush()
                os.fsync(writer.fileno())
            new.rename(file)


def read(folder: Path, role: str) -> str:
    """Raises EmbeddedPostgresError."""
    try:
        return (folder / role).read_text()
    except OSError as error:
        raise EmbeddedPostgresError(f"The password of {role} cannot be read: {error.strerror}, {error.filename}.") from None
