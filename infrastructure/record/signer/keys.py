"""The signer's keys: files in a folder, ``log.1.pem``, ``log.2.pem`` ... and ``promise.1.pem`` ..., one Ed25519 key each.

The newest of each use signs. An older one signs beside it until the instant in ``log.1.ends``, so that who knows the old key alone
has time to learn the new one; from then on it signs nothing. Nothing here is ever written over.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, get_args

from msgspec import Struct

from domain.record.note import Kind
from infrastructure.record import durable, keyfiles
from infrastructure.record.ciphers import Private
from infrastructure.record.signer.errors import FolderError

Use = Literal["log", "promise"]
USES: Final[tuple[Use, ...]] = get_args(Use)
FIRST: Final = 1

_NAME: Final = re.compile(r"(?P<use>log|promise)\.(?P<number>[1-9][0-9]{0,8})\.pem", re.ASCII)


class Held(Struct, frozen=True):
    """A key of the folder; ``ends``: the instant from which it signs no more."""

    private: Private
    ends: datetime | None = None

    def signs(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.ends is None or now < self.ends


class Ring(Struct, frozen=True):
    """The keys of each use, the newest first. That one has no end."""

    log: tuple[Held, ...]
    promise: tuple[Held, ...]

    def signing(self, use: Use, now: datetime) -> tuple[Private, ...]:
        """Those that sign at an instant, the newest first."""
        return tuple(held.private for held in self._of(use) if held.signs(now))

    def ever(self, use: Use) -> tuple[Private, ...]:
        """All that ever signed, the newest first."""
        return tuple(held.private for held in self._of(use))

    def _of(self, use: Use) -> tuple[Held, ...]:
        return self.log if use == "log" else self.promise


def present(folder: Path) -> bool:
    """Whether any key is there."""
    return any(_numbers(folder, use) for use in USES)


def make(folder: Path, use: Use, number: int = FIRST) -> None:
    """A new key. Raises KeyFileError where it is there already."""
    keyfiles.write(_file(folder, use, number), Private.generate(Kind.ED25519))


def read(folder: Path) -> Ring:
    """All keys. Raises FolderError, KeyFileError."""
    return Ring(log=_held(folder, "log"), promise=_held(folder, "promise"))


def rotate(folder: Path, use: Use, now: datetime, overlap: timedelta) -> datetime:
    """A new key beside the old one, which ends after the overlap; answers with that end.

    A rotation that was cut short is finished, with the key that it made. Raises FolderError, KeyFileError.
    """
    ends = now + overlap
    numbers = _numbers(folder, use)
    if not numbers:
        raise _no_key(folder, use)
    if not (unended := _unended(folder, use)):
        make(folder, use, numbers[-1] + 1)
        unended = [numbers[-1]]
    for number in unended:
        durable.create(_end(folder, use, number), f"{ends.isoformat()}\n".encode())
    return ends


def _unended(folder: Path, use: Use) -> list[int]:
    """Older keys to which a rotation gave a successor, and no end yet."""
    return [number for number in _numbers(folder, use)[:-1] if not _end(folder, use, number).exists()]


def _held(folder: Path, use: Use) -> tuple[Held, ...]:
    numbers = _numbers(folder, use)
    if not numbers:
        raise _no_key(folder, use)
    found = tuple(
        Held(keyfiles.read(_file(folder, use, number), Kind.ED25519), _ends(folder, use, number))
        for number in reversed(numbers)
    )
    if found[0].ends is not None:
        raise FolderError(f"The newest {use} key of {folder} has an end, and so nothing to follow it: a file is missing.")
    return found


def _ends(folder: Path, use: Use, number: int) -> datetime | None:
    file = _end(folder, use, number)
    try:
        found = datetime.fromisoformat(file.read_text().strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise FolderError(f"{file} does not say when the key ends, as 2026-05-01T00:00:00+00:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _numbers(folder: Path, use: Use) -> list[int]:
    return sorted(number for found, number in _named(folder) if found == use)


def _named(folder: Path) -> Iterator[tuple[str, int]]:
    for file in folder.glob("*.pem"):
        if found := _NAME.fullmatch(file.name):
            yield found["use"], int(found["number"])


def _file(folder: Path, use: Use, number: int) -> Path:
    return folder / f"{use}.{number}.pem"


def _end(folder: Path, use: Use, number: int) -> Path:
    return folder / f"{use}.{number}.ends"


def _no_key(folder: Path, use: Use) -> FolderError:
    return FolderError(f"{folder} holds no {use} key: `accord signer init` makes a signer's folder.")
