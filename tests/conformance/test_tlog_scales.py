"""What a reader of tiled logs from the package index believes of a book that is served, and that it believes nothing else.

tlog-scales shares no code with this program: it fetches and hashes the tiles, checks notes by their logs' and their witnesses'
keys, ML-DSA-44 too, and follows proofs as RFC 9162 has it.
"""

from asyncio import to_thread
from base64 import b64decode
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from itertools import pairwise
from typing import Final

import pytest
from tlog_scales.backend import HttpBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tiles import leaf_hash
from tlog_scales.tlog import Checkpoint, ConsistencyProof, ConsistencyProofInvalid, InclusionProof, InclusionProofInvalid

from domain.record import policy
from domain.record.note import Kind
from domain.record.policy import Policy
from infrastructure.record.ciphers import Private
from tests.conformance.shelf import Flip, Shelf, flips, shelved
from tests.databases import Worker

pytestmark = pytest.mark.anyio

WITNESSES: Final = {"JPN": Kind.COSIGNATURE, "USA": Kind.COSIGNATURE_ML_DSA_44}
SIZES: Final = (1, 255, 256, 257)
BEFORE: Final = {size: old for old, size in pairwise((None, *SIZES))}


class NotBelieved(Exception):
    """With what was wrong."""


REFUSALS: Final = (NotBelieved, InclusionProofInvalid, ConsistencyProofInvalid, ValueError)
"""ValueError: what cannot be read."""


class Backend:
    """A book as one reader reads it when it had a size."""

    def __init__(self, http: HttpBackend, size: int) -> None:
        self._http = http
        self._size = size

    def get(self, *path: str) -> bytes | None:
        return self._http.get(*path, str(self._size)) if path == ("checkpoint",) else self._http.get(*path)

    def text(self, path: str) -> str:
        found = self._http.get(path)
        assert found is not None
        return found.decode()


@contextmanager
def reading(shelf: Shelf) -> Generator[HttpBackend]:
    http = HttpBackend(shelf.url)
    http.session.headers.update({"Authorization": f"Bearer {shelf.token}", "Accept-Encoding": "identity"})
    with http.session:
        yield http


def check(shelf: Shelf, keys: Policy, size: int, old: int | None = None) -> None:
    """All of a book. Raises one of REFUSALS."""
    with reading(shelf) as http:
        at = Backend(http, size)
        reader = TilesReader(at)
        tree = _believed(reader, keys)
        leaves = [leaf_hash(reader.get_entry(index)) for index in range(size)]
        if leaves != [reader.mth(index, index + 1) for index in range(size)]:
            raise NotBelieved("other entries than the tree's")
        for index in {0, size // 2, size - 1}:
            reader.get_inclusion_proof(index, size).check(leaves[index], tree.root_hash)
            proof, under = _inclusion(at.text(f"proof/inclusion?index={index}&size={size}"))
            assert (proof.leaf_index, under) == (index, tree)
            proof.check(leaves[index], tree.root_hash)
        if old is not None:
            proven = [b64decode(line) for line in at.text(f"proof/consistency?old={old}&new={size}").splitlines()]
            before = _believed(TilesReader(Backend(http, old)), keys)
            ConsistencyProof(old, size, proven).check(before.root_hash, tree.root_hash)


def _believed(reader: TilesReader, keys: Policy) -> Checkpoint:
    """Signed by the log and all of its witnesses, and with the root that the tiles have."""
    tree = reader.get_checkpoint()
    named = [key.key for key in (*keys.logs, *keys.witnesses)]
    signed = VkeySet(*(Vkey.from_string(str(key)) for key in named)).verify(tree.signatures, tree)
    if missing := {key.name for key in named} - {vkey.name for vkey, _ in signed}:
        raise NotBelieved(f"not signed by {', '.join(sorted(missing))}")
    if reader.calculate_root_hash() != tree.root_hash:
        raise NotBelieved("another root")
    return tree


def _inclusion(file: str) -> tuple[InclusionProof, Checkpoint]:
    """A proof as it is served, and the checkpoint under it (c2sp.org/tlog-proof)."""
    head, _, under = file.partition("\n\n")
    _, index, *hashes = head.splitlines()
    tree = Checkpoint.from_text(under)
    return InclusionProof(int(index.removeprefix("index ")), tree.size, [b64decode(found) for found in hashes]), tree


@pytest.fixture(scope="module")
async def shelf(worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shelf]:
    """With a book that has had each of the sizes."""
    with worker.database(worker.name) as database:
        async with shelved(database, tmp_path_factory.mktemp("book") / "signer", WITNESSES) as itself:
            for size in SIZES:
                await itself.grow(size)
            yield itself


@pytest.fixture(scope="module")
async def keys(shelf: Shelf) -> Policy:
    return policy.parsed(await shelf.policy())


@pytest.mark.parametrize("size", SIZES)
async def test_another_reader_believes_the_notes_the_tiles_the_entries_and_the_proofs(
    shelf: Shelf, keys: Policy, size: int
) -> None:
    await to_thread(check, shelf, keys, size, BEFORE[size])


@pytest.mark.parametrize(
    ("size", "flip"),
    [pytest.param(size, flip, id=f"{size}-{name}") for size in SIZES for name, flip in flips(size, BEFORE[size])],
)
async def test_another_reader_refuses_a_book_in_which_one_byte_is_another(
    shelf: Shelf, keys: Policy, size: int, flip: Flip
) -> None:
    with shelf.between.flipping(flip), pytest.raises(REFUSALS):
        await to_thread(check, shelf, keys, size, BEFORE[size])


async def test_another_reader_believes_nothing_that_another_log_would_have_signed(shelf: Shelf, keys: Policy) -> None:
    forged = Private.generate(Kind.ED25519).key(keys.logs[0].key.name)
    with pytest.raises(NotBelieved, match="not signed by apc"):
        await to_thread(check, shelf, Policy((policy.Log(forged),), keys.witnesses), 257)
