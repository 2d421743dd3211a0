"""A delegation's witness hands in its cosignature of a checkpoint: believed if its key is registered and the signature holds."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from application.books import Books, Reading
from application.directory import Directory
from application.trust import members_of, witness_keys
from domain.identity import BookId
from domain.kernel import Refusal
from domain.record import note
from domain.record.note import Holds, Signature, VerifierKey


@dataclass(eq=False)
class CosignerUnknown(Refusal):
    """A book is cosigned with the keys that its delegations have registered for that, and that have not ended."""

    code: ClassVar[str] = "cosigner-unknown"
    sentence: ClassVar[str] = "{name} is not, with this key, a registered witness of a delegation of this book."
    name: str


@dataclass(eq=False)
class CosignatureWrong(Refusal):
    """A cosignature is of the very text of a checkpoint that was published."""

    code: ClassVar[str] = "cosignature-wrong"
    sentence: ClassVar[str] = "The cosignature of {name} does not hold for the checkpoint of {size}."
    name: str
    size: int


class Cosignatures(Protocol):
    """Where they are kept."""

    async def keep(self, books: Set[BookId], book: BookId, size: int, line: Signature) -> None:
        """Put a line under a checkpoint that is there; the first of a key stays. Raises Busy."""
        ...


class Cosigning:
    """With the ciphers to check with."""

    def __init__(self, directory: Directory, books: Books, kept: Cosignatures, holds: Holds) -> None:
        self._directory = directory
        self._books = books
        self._kept = kept
        self._holds = holds

    async def cosign(self, books: Set[BookId], book: BookId, size: int, line: Signature, now: datetime) -> None:
        """Take a cosignature in. What is taken in was checked.

        Raises NotThereError, also where there is no checkpoint of that size; CosignerUnknown, CosignatureWrong, Busy.
        """
        published = await Reading(self._books, books, book).checkpoint(size)
        named = [key for key in self._keys(book, now) if (key.name, key.id) == (line.name, line.id)]
        if not named:
            raise CosignerUnknown(line.name)
        text = note.parsed(published.note.encode()).text
        if not any(self._holds(key, text, line.octets) for key in named):
            raise CosignatureWrong(line.name, size)
        await self._kept.keep(books, book, size, line)

    def _keys(self, book: BookId, now: datetime) -> list[VerifierKey]:
        members = members_of(self._directory, self._directory.audience_of(book))
        return [key for code in members for key in witness_keys(self._directory, code, now)]
