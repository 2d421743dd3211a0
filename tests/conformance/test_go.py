"""What the code of Go's checksum database believes of a book that is served, and that it believes nothing else."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
import pytest
from msgspec import Struct

from domain.record import policy
from domain.record.note import Kind
from domain.record.policy import Policy
from domain.record.tiles import of_size
from infrastructure.record.ciphers import Private
from tests.conformance.shelf import TEXT, Flip, Shelf, flips, shelved
from tests.databases import Worker

pytestmark = [pytest.mark.anyio, pytest.mark.conformance]

SOURCE: Final = Path(__file__).parent / "main.go"
DEBIAN: Final = Path("/usr/share/gocode")
"""Where Debian puts the sources of Go's libraries."""
WITNESSES: Final = {"JPN": Kind.COSIGNATURE, "USA": Kind.COSIGNATURE}
SIZES: Final = (1, 255, 256, 257, 65_537)
BEFORE: Final = {size: old for old, size in pairwise((None, *SIZES))}
GROWTHS: Final = 4
STEP: Final = 64
"""By how much a book grows that grows meanwhile; from an odd size on, so that its last tile of leaves is never full."""
SECONDS: Final = 120

REASONS: Final = (
    ("origin|size|root|signature", "invalid signature for key|malformed note"),
    ("tile", "inconsistent tile|is not made of the entries"),
    ("bundle", "the entries do not make up the root|ends within entry"),
    ("proof", "invalid transparency proof|malformed hash"),
)


class Found(Struct, frozen=True, forbid_unknown_fields=True):
    size: int
    root: str
    signers: list[str]
    entries: int
    tiles: int
    inclusions: int
    consistencies: int
    growths: int


class Refused(Exception):
    """With the reason that the program gave."""


class Go:
    """The program, over one book of which it knows the policy."""

    def __init__(self, program: Path, shelf: Shelf, believed: Path) -> None:
        self.program = program
        self.shelf = shelf
        self.policy = believed

    async def checks(self, *arguments: object) -> Found:
        """Raises Refused."""
        command = [self.program, "-policy", self.policy, "-token", self.shelf.token, *map(str, arguments), self.shelf.url]
        running = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        async with asyncio.timeout(SECONDS):
            said, reason = await running.communicate()
        if running.returncode:
            raise Refused(reason.decode())
        return msgspec.json.decode(said, type=Found)

    async def refuses(self, name: str, flip: Flip, *arguments: object) -> None:
        """Whatever it is that the byte is changed in, and for its reason."""
        (reason,) = (reason for of, reason in REASONS if re.compile(of).search(name))
        with self.shelf.between.flipping(flip), pytest.raises(Refused, match=reason):
            await self.checks(*arguments)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    go = shutil.which("go")
    if go is None or not (DEBIAN / "src/golang.org/x/mod/sumdb/tlog").exists():
        pytest.skip("There is no Go with its checksum database here: Debian's packages golang-go and golang-golang-x-mod-dev.")
    built = tmp_path_factory.mktemp("go") / "conformance"
    alone = {
        "GOPATH": str(DEBIAN),
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
        "GOCACHE": str(built.parent / "cache"),
    }
    subprocess.run([go, "build", "-o", built, SOURCE], env=os.environ | alone, check=True)
    return built


@asynccontextmanager
async def reading(program: Path, worker: Worker, folder: Path, witnesses: dict[str, Kind]) -> AsyncGenerator[Go]:
    with worker.database(worker.name) as database:
        async with shelved(database, folder / "signer", witnesses) as shelf:
            (folder / "policy").write_bytes(await shelf.policy())
            yield Go(program, shelf, folder / "policy")


@pytest.fixture(scope="module")
async def go(program: Path, worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Go]:
    """Over a book that has had each of the sizes."""
    async with reading(program, worker, tmp_path_factory.mktemp("book"), WITNESSES) as itself:
        for size in SIZES:
            await itself.shelf.grow(size)
        yield itself


@pytest.fixture(scope="module")
async def growing(program: Path, worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Go]:
    """Over a book that grows whenever it is signed, and that nobody watches: a witness would come later than the log."""
    async with reading(program, worker, tmp_path_factory.mktemp("growing"), {}) as itself:
        await itself.shelf.grow(257)
        yield itself


@asynccontextmanager
async def meanwhile(shelf: Shelf) -> AsyncGenerator[None]:
    enough = asyncio.Event()

    async def grow() -> None:
        while not enough.is_set():
            await shelf.grow(shelf.recorded() + STEP)

    growing = asyncio.create_task(grow())
    try:
        yield
    finally:
        enough.set()
        await growing


@pytest.mark.parametrize("size", SIZES)
async def test_go_believes_the_notes_the_tiles_the_entries_and_the_proofs(go: Go, size: int) -> None:
    earlier = [old for old in SIZES if old < size]
    found = await go.checks("-size", size, "-old", ",".join(map(str, earlier)))
    assert (found.size, found.entries, found.tiles) == (size, size, len(list(of_size(size))))
    assert found.consistencies == len(earlier)
    assert found.inclusions == len({index for index in (0, 1, 255, 256, size // 2, size - 2, size - 1) if 0 <= index < size})
    assert [name.partition("/")[2] for name in found.signers] == [f"book/{go.shelf.book}", "witness/JPN", "witness/USA"]


@pytest.mark.parametrize(
    ("size", "name", "flip"),
    [pytest.param(size, name, flip, id=f"{size}-{name}") for size in SIZES for name, flip in flips(size, BEFORE[size])],
)
async def test_go_refuses_a_book_in_which_one_byte_is_another(go: Go, size: int, name: str, flip: Flip) -> None:
    old = BEFORE[size]
    await go.refuses(name, flip, "-size", size, *(() if old is None else ("-old", old)))


async def test_go_believes_a_book_that_grows_meanwhile(growing: Go) -> None:
    async with meanwhile(growing.shelf):
        found = await growing.checks("-growths", GROWTHS)
    assert (found.growths, found.consistencies) == (GROWTHS, GROWTHS)
    assert found.size >= 257 + GROWTHS * STEP
    assert found.entries == found.size


GROWING: Final = (
    *((name, Flip(re.compile("checkpoint"), line)) for line, name in TEXT.items()),
    ("a full tile of level 0", Flip(re.compile("tile/0/000"))),
    ("a partial tile of level 0", Flip(re.compile(r"tile/0/[0-9]{3}\.p/[0-9]+"))),
    ("a partial tile of level 1", Flip(re.compile(r"tile/1/000\.p/[0-9]+"))),
    ("a full bundle", Flip(re.compile("tile/entries/000"))),
    ("a partial bundle", Flip(re.compile(r"tile/entries/[0-9]{3}\.p/[0-9]+"))),
    ("a proof of inclusion", Flip(re.compile(r"proof/inclusion\?index=0&size=[0-9]+"), 2)),
    ("a proof of consistency", Flip(re.compile(r"proof/consistency\?old=[0-9]+&new=[0-9]+"), 0)),
)


@pytest.mark.parametrize(("name", "flip"), [pytest.param(name, flip, id=name) for name, flip in GROWING])
async def test_go_refuses_a_book_that_grows_meanwhile_and_in_which_one_byte_is_another(
    growing: Go, name: str, flip: Flip
) -> None:
    async with meanwhile(growing.shelf):
        await growing.refuses(name, flip, "-growths", 1)


async def test_go_believes_nothing_that_another_log_would_have_signed(go: Go, tmp_path: Path) -> None:
    believed = policy.parsed(go.policy.read_bytes())
    (log,) = believed.logs
    other = policy.Log(Private.generate(Kind.ED25519).key(log.key.name))
    (tmp_path / "policy").write_bytes(bytes(Policy((other,), believed.witnesses)))
    with pytest.raises(Refused, match="signed by 0 logs and 2 witnesses"):
        await Go(go.program, go.shelf, tmp_path / "policy").checks("-size", 257)


async def test_go_believes_nothing_that_too_few_witnesses_have_seen(go: Go, tmp_path: Path) -> None:
    believed = policy.parsed(go.policy.read_bytes())
    one, other = believed.witnesses
    absent = policy.Witness(one.name, Private.generate(Kind.COSIGNATURE).key(one.key.name))
    (tmp_path / "policy").write_bytes(bytes(Policy(believed.logs, (absent, other), believed.groups, believed.quorum)))
    with pytest.raises(Refused, match="signed by 1 logs and 1 witnesses of 2"):
        await Go(go.program, go.shelf, tmp_path / "policy").checks("-size", 257)
