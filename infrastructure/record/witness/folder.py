"""What a witness is made of: a private folder with a key, a state, and the keys of the forum as it first met them.

witness          whose it is, and which forum it watches
key.pem          its key, which signs nothing but cosignatures
state            the last tree of each book that it cosigned: append-only, as the signer's
pinned           the forum's keys
books/<id>/      its mirror of a book
promises/        promises to be watched are put here; kept/ and broken/ hold those that are settled
evidence/        what it found
frozen/          a file for each book whose host told two histories: it is not cosigned until that file is gone
lock             held by the one process that runs
"""

import fcntl
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec
from msgspec import Struct

from domain.identity import BookId, DelegationCode
from domain.record.note import Kind, VerifierKey
from infrastructure.record import durable, keyfiles
from infrastructure.record.ciphers import Private
from infrastructure.record.signer import state
from infrastructure.record.signer.errors import FolderError, StateSpoiltError
from infrastructure.record.witness.errors import WitnessError
from infrastructure.record.witness.forum import LogKeys

DESCRIPTION: Final = "witness"
KEY: Final = "key.pem"
STATE: Final = "state"
PINNED: Final = "pinned"
BOOKS: Final = "books"
PROMISES: Final = "promises"
KEPT: Final = "kept"
BROKEN: Final = "broken"
EVIDENCE: Final = "evidence"
FROZEN: Final = "frozen"
LOCK: Final = "lock"

S = TypeVar("S", bound=Struct)


class Description(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose witness it is, and of which forum."""

    host: str
    delegation: DelegationCode
    kind: Literal["ed25519", "ml-dsa-44"] = "ed25519"

    @property
    def name(self) -> str:
        """Of its key."""
        return f"{self.host}/witness/{self.delegation}"

    @property
    def signs(self) -> Kind:
        """How its key signs."""
        return Kind.COSIGNATURE if self.kind == "ed25519" else Kind.COSIGNATURE_ML_DSA_44


def make(folder: Path, described: Description, pinned: LogKeys) -> VerifierKey:
    """A new witness: its public key. Raises WitnessError where there is one.

    The state comes first: a key without a state is one whose past was lost, and signs nothing.
    """
    if is_made(folder):
        raise WitnessError(f"{folder} is a witness already.")
    for part in (folder, *(folder / name for name in (BOOKS, PROMISES, EVIDENCE, FROZEN))):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    key = Private.generate(described.signs)
    durable.replace(folder / DESCRIPTION, msgspec.json.encode(described) + b"\n")
    pin(folder, pinned)
    state.make(folder / STATE)
    keyfiles.write(folder / KEY, key)
    return key.key(described.name)


class Folder:
    """A witness's folder, open. One process has it at a time."""

    def __init__(self, folder: Path) -> None:
        """Raises WitnessError."""
        self.path = folder
        self.described = _read(folder / DESCRIPTION, Description)
        self.pinned = _read(folder / PINNED, LogKeys)
        try:
            self.private = keyfiles.read(folder / KEY, self.described.signs)
            self.state = state.State(folder / STATE)
        except StateSpoiltError as error:
            raise WitnessError(f"{error} End the key, and make a new witness.") from None
        except (keyfiles.KeyFileError, FolderError) as error:
            raise WitnessError(str(error)) from None
        except state.StateLostError:
            raise WitnessError(
                f"{folder} has a key, but its state is lost: nobody knows what it cosigned, so it cosigns nothing. "
                "End the key, and make a new witness."
            ) from None

    @property
    def key(self) -> VerifierKey:
        """Its public key."""
        return self.private.key(self.described.name)

    def pin(self, keys: LogKeys) -> None:
        """Believe these keys from now on."""
        pin(self.path, keys)
        self.pinned = keys

    def mirror(self, book: BookId) -> Path:
        """Where the copy of a book stands."""
        return self.path / BOOKS / str(book)

    def is_frozen(self, book: BookId) -> bool:
        """Whether the book's host told two histories, and nobody has said to go on."""
        return (self.path / FROZEN / str(book)).exists()

    def freeze(self, book: BookId, reason: str) -> None:
        """Cosign the book no more."""
        durable.replace(self.path / FROZEN / str(book), f"{reason}\n".encode())


def thaw(folder: Path, book: BookId) -> bool:
    """Let the book be cosigned again, if it goes on from what was cosigned last. False where it was not frozen.

    Raises WitnessError.
    """
    _expect(folder)
    file = folder / FROZEN / str(book)
    frozen = file.exists()
    file.unlink(missing_ok=True)
    durable.settle(file.parent)
    return frozen


def pin(folder: Path, keys: LogKeys) -> None:
    """Write down the forum's keys."""
    durable.replace(folder / PINNED, msgspec.json.encode(keys) + b"\n")


def joined(one: Iterable[bytes], other: Iterable[bytes]) -> tuple[bytes, ...]:
    """Both, in their order."""
    return tuple(dict.fromkeys((*one, *other)))


@contextmanager
def opened(folder: Path) -> Generator[Folder]:
    """The witness's folder, for this process alone. Raises WitnessError."""
    _expect(folder)
    with open(folder / LOCK, "ab", opener=durable.private) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WitnessError(f"{folder} is run by another process.") from None
        found = Folder(folder)
        try:
            yield found
        finally:
            found.state.close()


def is_made(folder: Path) -> bool:
    """Whether a witness is there, or what one has left that lost its key or its state."""
    return (folder / KEY).exists() or (folder / STATE).exists()


def _expect(folder: Path) -> None:
    if not (folder / DESCRIPTION).exists():
        raise WitnessError(f"{folder} is no witness: `accord witness init` makes one.")


def _read(file: Path, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        raise WitnessError(f"{file} is missing, or is not as it was written.") from None
