"""What a signer is made of: a private folder with keys, a state, and a lock that one process holds."""

import fcntl
import os
import stat
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from domain.record import checkpoint, note
from domain.record.checkpoint import Checkpoint
from domain.record.malformed import Malformed
from domain.record.note import Kind, Unproven, VerifierKey, signers
from infrastructure.record.ciphers import HOLDS
from infrastructure.record.durable import private
from infrastructure.record.signer import keys, state
from infrastructure.record.signer.errors import FolderError, FolderTakenError

STATE: Final = "state"
LOCK: Final = "lock"


def make(folder: Path) -> None:
    """Keys and an empty state, if no key is there. A state that is there stays, and counts. Raises FolderError.

    The state comes first: a key without a state is one whose past was lost, and signs nothing.
    """
    lay_out(folder)
    with locked(folder):
        if keys.present(folder):
            raise FolderError(f"{folder} holds a signer's keys already.")
        furnish(folder)


def lay_out(folder: Path) -> None:
    """The folder itself. Raises FolderError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{folder} cannot be made: {error.strerror}.") from None


def is_new(folder: Path) -> bool:
    """Whether nothing was ever signed here, as far as the folder tells."""
    return not keys.present(folder) and not (folder / STATE).exists()


def furnish(folder: Path) -> None:
    """The same as `make`, for who holds the lock."""
    with suppress(FileExistsError):
        state.make(folder / STATE)
    for use in reversed(keys.USES):
        keys.make(folder, use)


def adopt(folder: Path, notes: Sequence[bytes]) -> list[Checkpoint]:
    """Begin a new state, in place of one that is lost, from checkpoints that the signer's own keys have signed.

    Of each origin the largest counts. An origin that is not among them will be taken for a new one. Raises FolderError.
    """
    ring = keys.read(folder)
    trees = _largest([_own(ring, content) for content in notes])
    try:
        state.make(folder / STATE, trees)
    except FileExistsError:
        raise FolderError(f"The state of {folder} is there, and counts.") from None
    return trees


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """One process at a time. Raises FolderTakenError where another holds the folder, FolderError."""
    _private(folder)
    with open(folder / LOCK, "w", opener=private) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderTakenError(f"Another signer runs on {folder}.") from None
        yield


def _private(folder: Path) -> None:
    try:
        found = folder.stat()
    except OSError as error:
        raise FolderError(f"{folder} cannot be read: {error.strerror}. `accord signer init` makes a signer's folder.") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise FolderError(f"{folder} is not a folder that only its owner, who runs the signer, can write to.")


def _own(ring: keys.Ring, content: bytes) -> Checkpoint:
    try:
        found = note.parsed(content)
        tree = checkpoint.parsed(found.text)
        ours = [VerifierKey(tree.origin, Kind.ED25519, private.public) for private in ring.ever("log")]
        signers(found, ours, HOLDS)
    except (Malformed, Unproven) as error:
        raise FolderError(f"A checkpoint that this signer's keys have signed was expected: {error}.") from None
    return tree


def _largest(trees: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Raises FolderError where two of one size have different roots: both were signed, and one of them is a fork."""
    found: dict[str, Checkpoint] = {}
    for tree in sorted(trees, key=lambda tree: tree.size):
        before = found.get(tree.origin)
        if before and before.size == tree.size and before.root != tree.root:
            raise FolderError(f"Two checkpoints of {tree.origin} with size {tree.size} differ. Keep both: they prove a fork.")
        found[tree.origin] = tree
    return list(found.values())
