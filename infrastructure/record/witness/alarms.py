"""What a witness raises its voice about, and the file that it keeps of it."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from domain.identity import BookId
from infrastructure.record import durable

FORMAT: Final = "accord/alarm/v1"

Kind = Literal["fork", "rollback", "inconsistent", "bad-signature", "bad-entries", "bad-opening", "broken-promise", "silent"]
"""*fork*: the log signed two histories, and the file proves it to anybody. *rollback*: an earlier checkpoint of the same history
is served as the newest. *inconsistent*: the log signed a tree, and neither shows that it begins with the last nor the entries of
which it is made. *bad-signature*: what is served is not signed by the log's key as it was pinned. *bad-entries*: the entries
do not make up the tree. *bad-opening*: what is said to open an entry does not. *broken-promise*: what the forum promised is not in
the tree in time. *silent*: nothing new is under a checkpoint, though the forum says that more was recorded, or does not answer."""


class Alarm(Struct, frozen=True):
    """What is wrong with a book (None: with the forum as a whole), in a sentence; and what was kept of it."""

    kind: Kind
    book: BookId | None
    sentence: str
    file: Path | None = None


class Kept(Struct, frozen=True, tag_field="format", tag=FORMAT):
    """The file of an alarm that proves nothing by itself: what was seen, when, beside what had been verified."""

    kind: Kind
    book: BookId | None
    at: datetime
    sentence: str
    verified: str | None = None
    """The last checkpoint that was verified, as its note."""
    shown: str | None = None
    """What was shown instead."""


def write(folder: Path, kind: Kind, book: BookId | None, content: bytes, told: bytes) -> tuple[Path, bool]:
    """Keep evidence, once: its file, and whether it is new. ``told``: by what the same is known again."""
    name = f"{kind}-{str(book)[:8] if book else 'forum'}-{sha256(told).hexdigest()[:12]}.json"
    try:
        durable.create(folder / name, content)
    except FileExistsError:
        return folder / name, False
    return folder / name, True


def kept(kind: Kind, book: BookId | None, at: datetime, sentence: str, verified: bytes | None, shown: bytes | None) -> bytes:
    """The content of such a file."""
    said = Kept(kind, book, at, sentence, _text(verified), _text(shown))
    return msgspec.json.format(msgspec.json.encode(said)) + b"\n"


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "backslashreplace")
