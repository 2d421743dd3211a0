"""Files that are whole or not there, and stay: what a power cut may not undo."""

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

private = partial(os.open, mode=0o600)
"""Opens, for open(), a file that nobody else may read."""


def create(file: Path, content: bytes) -> None:
    """Make a private file with this content, durably. Raises FileExistsError, and has then left the file as it was."""
    with _written(file, content) as new:
        file.hardlink_to(new)
    settle(file.parent)


def replace(file: Path, content: bytes) -> None:
    """The same, in place of what may stand there: readers see the one or the other, whole."""
    with _written(file, content) as new:
        new.replace(file)
    settle(file.parent)


@contextmanager
def _written(file: Path, content: bytes) -> Generator[Path]:
    """The content on the disk, beside the file that it is for."""
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    try:
        with open(new, "xb", opener=private) as writer:
            writer.write(content)
            writer.flush()
            os.fsync(writer.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """Make durable which files a folder has."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
