"""Where a signer is asked: a socket in its folder, or, where the path of that is too long for one, in a private folder of its own."""

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from infrastructure.record.signer.errors import FolderError

NAME: Final = "socket"
LONGEST: Final = 103
"""Bytes that every system takes as a socket's path; macOS has the shortest limit."""


def path(folder: Path) -> Path:
    """The socket of a signer's folder. The folder that it lies in need not be there."""
    ours = folder.resolve() / NAME
    if fits(ours):
        return ours
    name = sha256(os.fsencode(ours)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"accord-signer-{name}" / NAME


def fits(socket: Path) -> bool:
    """Whether a socket may have this path."""
    return len(os.fsencode(socket)) <= LONGEST


def seclude(folder: Path) -> None:
    """The folder of a socket, for this user alone to put something into. One that somebody else put there is not used."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise FolderError(f"{folder} is not private: remove it, or name another folder.")
