"""What the signer signs, and what it refuses: its whole judgement, without process or socket.

It is the first witness of its own books: it asks for the proof that a tree began with the last that it signed, so that a database
put back to an earlier point, or rewritten, is refused and not forked.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from application.ports import Behind, SignerKeys, SignerRefuses
from domain.record import checkpoint, promise
from domain.record.checkpoint import Checkpoint
from domain.record.leaf import EMPTY_ROOT
from domain.record.malformed import Malformed
from domain.record.note import Note, Signature
from domain.record.proofs import is_consistent
from infrastructure.record.signer import folder as folders
from infrastructure.record.signer import keys as rings
from infrastructure.record.signer.errors import FolderError, StateSpoiltError
from infrastructure.record.signer.state import Last, State, StateLostError

READ_AGAIN: Final = timedelta(seconds=1)
"""How old what is known of the keys may be."""

Signed = tuple[Signature, ...]


def clock() -> datetime:
    """The time by which keys end."""
    return datetime.now(UTC)


class Core:
    """A signer over its folder. The caller holds the folder's lock, and calls from one thread."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = clock) -> None:
        """Raises FolderError, KeyFileError. A state that is lost is said with the first question."""
        self._folder = folder
        self._now = now
        self._state: State | None = None
        self._ring, self._read_at = rings.read(folder), now()
        try:
            self._state = _read(folder)
        except StateLostError:
            self._state = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._forget()

    def sign(self, text: str, old: int, proof: Sequence[bytes]) -> Signed | Behind:
        """The lines under a checkpoint, newest key first; `application.ports.Signer.sign` says the rest."""
        tree = _tree(text)
        state = self._known()
        last = state.last(tree.origin)
        _refuse_smaller(tree, last)
        if tree.size > last.size:
            if old != last.size:
                return Behind(last.size)
            _refuse_unproven(tree, last, proof)
            self._write(state, tree)
        return tuple(private.signature(tree.origin, text) for private in self._keys().signing("log", self._now()))

    def promise(self, text: str) -> Note:
        """A promise under its signatures; `application.ports.Signer.promise` says the rest."""
        name = _promised(text)
        return Note(text, tuple(private.signature(name, text) for private in self._keys().signing("promise", self._now())))

    def keys(self) -> SignerKeys:
        """The public keys that sign now."""
        ring, now = self._keys(), self._now()
        logs, promises = (tuple(private.public for private in ring.signing(use, now)) for use in rings.USES)
        return SignerKeys(logs, promises)

    def _keys(self) -> rings.Ring:
        """A rotation reaches a signer that runs."""
        if not timedelta() <= self._now() - self._read_at < READ_AGAIN:
            self._ring, self._read_at = rings.read(self._folder), self._now()
        return self._ring

    def _known(self) -> State:
        """The state; one that was lost is looked for again: it may have been adopted meanwhile."""
        if self._state is None or not self._state.stands:
            self._state = self._found(self._state)
        return self._state

    def _found(self, known: State | None) -> State:
        """What lies in the folder now; a signer that runs takes nothing that knows less than itself."""
        try:
            found = _read(self._folder)
        except StateLostError:
            raise SignerRefuses("state-lost") from None
        if known is not None and not found.covers(known):
            found.close()
            raise SignerRefuses("state-lost")
        self._forget()
        return found

    def _write(self, state: State, tree: Checkpoint) -> None:
        try:
            state.write(tree)
        except OSError:
            self._forget()  # what the line came to is read from the disk the next time
            raise

    def _forget(self) -> None:
        if self._state is not None:
            self._state.close()
            self._state = None


def _read(folder: Path) -> State:
    """Raises StateLostError, FolderError."""
    try:
        return State(folder / folders.STATE)
    except StateSpoiltError as error:
        raise FolderError(f"{error} Move the file away, and `accord signer adopt` the last checkpoints.") from None


def _tree(text: str) -> Checkpoint:
    try:
        tree = checkpoint.parsed(text)
    except Malformed:
        raise SignerRefuses("malformed") from None
    if tree.extensions or not promise.is_origin(tree.origin):
        raise SignerRefuses("malformed")
    return tree


def _refuse_smaller(tree: Checkpoint, last: Last) -> None:
    if tree.size < last.size:
        raise SignerRefuses("rollback", last.size)
    if tree.size == last.size and tree.root != last.root:
        raise SignerRefuses("inconsistent", last.size)


def _refuse_unproven(tree: Checkpoint, last: Last, proof: Sequence[bytes]) -> None:
    """Everything begins with the empty tree, and of that there is no proof."""
    begins = not proof if last.root == EMPTY_ROOT else is_consistent(last.root, last.size, tree.root, tree.size, proof)
    if not begins:
        raise SignerRefuses("inconsistent", last.size)


def _promised(text: str) -> str:
    """The name under which this promise is signed."""
    try:
        return promise.parsed(text).signer
    except Malformed:
        raise SignerRefuses("malformed") from None
