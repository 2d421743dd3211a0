"""Files that are whole or not there, and stay: what a power cut may not undo."""

import os
import secrets
from functools import partial
from pathlib import Path

private = partial(os.open, mode=0o600)
"""Opens, for open(), a file that nobody else may read."""


def create(file: Path, content: bytes) -> None:
    """Make a private file with this content, durably. Raises FileExistsError, and has then left the file as it was."""
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    try:
        with open(new, "xb", opener=private) as writer:
            writer.write(content)
            writer.flush()
            os.fsync(writer.fileno())
        file.hardlink_to(new)
    finally:
        new.unlink(missing_ok=True)
    settle(file.parent)


def settle(folder: Path) -> None:
    """Make durable which files a folder has."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
