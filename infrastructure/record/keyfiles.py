"""Where a private key lies: a file in PEM that its owner alone can read, and that is never written over."""

import os
from pathlib import Path

from domain.record.note import Kind
from infrastructure.record import durable
from infrastructure.record.ciphers import NotAKeyError, Private


class KeyFileError(Exception):
    """The file of a private key cannot be used; the sentence says why."""


def write(file: Path, key: Private) -> None:
    """Keep a key durably, with mode 0600. Raises KeyFileError where a file stands already."""
    try:
        durable.create(file, key.pem)
    except FileExistsError:
        raise KeyFileError(f"{file} is there already, and a key is never written over.") from None


def read(file: Path, kind: Kind) -> Private:
    """Raises KeyFileError, so also where others can read the file: then the key is no secret."""
    try:
        with file.open("rb") as reader:
            mode, content = os.fstat(reader.fileno()).st_mode, reader.read()
    except OSError as error:
        raise KeyFileError(f"{file} cannot be read: {error.strerror}.") from None
    if mode & 0o077:
        raise KeyFileError(f"{file} can be read by others than its owner (mode {mode & 0o777:04o}): chmod 600, or a new key.")
    try:
        return Private.parsed(kind, content)
    except NotAKeyError as error:
        raise KeyFileError(f"{file} holds {error}.") from None
