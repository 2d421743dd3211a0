"""A small book with all that its bundle needs, to be bundled as it is, or as somebody would have it who lies.

Every key, salt and id is made from a name, so that the same book makes the same bytes.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Raw, Struct
from msgspec.structs import replace

from domain.erasures.events import Basis, ErasureApproved, ErasureAsked, ErasureCarriedOut, NamedWords
from domain.forum.events import Audience, AudienceKind, BookOpened
from domain.identity import BookId, CommandId, DelegationCode, StreamId
from domain.kernel import Fact
from domain.proposals.events import ObjectionLifted
from domain.record.archive import written
from domain.record.bundle import (
    CHECKPOINT,
    CHECKPOINTS,
    DESCRIPTION,
    OPENINGS,
    POLICY,
    STATE,
    VERIFIER,
    Description,
    Opened,
    Withheld,
    encode,
    line,
)
from domain.record.bundle import Kind as ForumKind
from domain.record.checkpoint import Checkpoint
from domain.record.envelope import commitment, pieces
from domain.record.leaf import entry, leaf
from domain.record.note import Kind, Note
from domain.record.policy import Group, Log, Policy, Witness
from domain.record.tiles import WIDTH, bundled, bundles
from domain.record.tree import root
from infrastructure.record.bundle import verifier
from infrastructure.record.ciphers import Private
from infrastructure.record.replayed import replayed
from tests.domain.cast import (
    ALICE,
    BORIS,
    CHN,
    FIRST,
    JPN,
    KOR,
    MEMBERS,
    PLENARY,
    PROPOSAL,
    USA,
    an_id,
    because,
    endorsed,
    objected,
    substantive,
    tabled,
)

GOLDEN: Final = Path(__file__).parents[2] / "golden" / "bundle.zip"

FORUM: Final = "apc.example"
BOOK: Final = BookId(an_id("book"))
ORIGIN: Final = f"{FORUM}/book/{BOOK}"
BEGUN: Final = datetime(2024, 10, 1, 9, tzinfo=UTC)
BEGINNING: Final = BookOpened(Audience(AudienceKind.FORMAT, PLENARY, tuple(sorted(MEMBERS))))
STORY: Final[tuple[Fact, ...]] = (
    BEGINNING,
    tabled(),
    endorsed(USA),
    objected(CHN),
    because(CHN),
    substantive(1),
    ObjectionLifted(CHN, 1),
)


def private(name: str, kind: Kind) -> Private:
    return Private.seeded(kind, sha256(name.encode()).digest())


LOG: Final = private("log", Kind.ED25519)
OTHER_LOG: Final = private("another log", Kind.ED25519)
WITNESSES: Final = {
    code: (f"{FORUM}/witness/{code}", private(f"witness {code}", Kind.COSIGNATURE)) for code in (JPN, USA, CHN, KOR)
}


def story(count: int = len(STORY)) -> tuple[Fact, ...]:
    """So many facts, which can follow one another."""
    return (*STORY, *(endorsed((JPN, USA, KOR)[number % 3], on=1) for number in range(count - len(STORY))))[:count]


class Kept(Struct, frozen=True):
    """A fact as its book keeps it."""

    salt: bytes
    envelope: bytes

    @property
    def entry(self) -> bytes:
        return entry(commitment(self.salt, self.envelope))


def kept(
    fact: Fact,
    index: int,
    at: datetime,
    *,
    book: BookId = BOOK,
    signature: str | None = None,
    delegation: DelegationCode = CHN,
) -> Kept:
    is_text = fact.tag.startswith("proposal.")
    around = pieces(
        fact,
        stream=StreamId(PROPOSAL) if is_text else StreamId(an_id(f"stream of the {fact.tag.partition('.')[0]}")),
        book=book,
        command=CommandId(an_id(f"command {index}")),
        actor=BORIS if is_text else ALICE,
        delegation=None if index == 0 else delegation,
        credential=FIRST if is_text else None,
        signature=signature,
    )
    return Kept(sha256(b"salt %d" % index).digest(), around.filled(at, index))


class Book(Struct, frozen=True):
    """What a bundle is made of. ``cosigned``: by size when its witnesses signed, in seconds after the book began."""

    facts: tuple[Kept, ...]
    cosigned: Mapping[int, int] = {}
    witnesses: tuple[DelegationCode, ...] = (JPN, USA, CHN, KOR)
    log: Private = LOG
    policy: Policy | None = None
    kind: ForumKind = "regular"
    withheld: Mapping[int, Withheld | bytes] = {}
    start: int = 0
    end: int | None = None
    state: bytes | None = None
    opened: Mapping[int, Kept] = {}
    """What is opened in place of what the entry holds."""
    audience: bytes | None = None

    @property
    def size(self) -> int:
        return len(self.facts)

    def note(self, size: int | None = None) -> Note:
        """A checkpoint, signed by the log and by those witnesses."""
        size = self.size if size is None else size
        entries = [leaf(one.entry) for one in self.facts[:size]]
        text = str(Checkpoint(ORIGIN, size, root(entries)))
        note = Note(text, (self.log.signature(ORIGIN, text),))
        at = int(BEGUN.timestamp()) + self.cosigned.get(size, size)
        for name, key in (WITNESSES[code] for code in self.witnesses):
            note = note.beside(key.signature(name, text, at))
        return note

    def openings(self) -> bytes:
        return b"".join(self._line(index) for index in range(self.start, self.size if self.end is None else self.end))

    def _line(self, index: int) -> bytes:
        if index in self.withheld:
            closed = self.withheld[index]
            return closed if isinstance(closed, bytes) else line(closed)
        one = self.opened.get(index, self.facts[index])
        return line(Opened(one.envelope, index, one.salt))

    def files(self, earlier: Iterable[int] = ()) -> dict[str, bytes]:
        """All but the description, in their order."""
        end = self.size if self.end is None else self.end
        shown = (one.envelope for index, one in enumerate(self.facts[:end]) if index not in self.withheld)
        state = {} if self.start else {STATE: self.state or replayed(shown)}
        return {
            POLICY: bytes(self.policy or policy(self.log)),
            CHECKPOINT: bytes(self.note()),
            **{f"{CHECKPOINTS}{size}": bytes(self.note(size)) for size in earlier},
            **self.tiles(),
            OPENINGS: self.openings(),
            **state,
            VERIFIER: verifier(),
        }

    def tiles(self) -> dict[str, bytes]:
        entries = [one.entry for one in self.facts]
        return {tile.path: bundled(entries[tile.n * WIDTH :][: tile.width]) for tile in bundles(self.size)}

    def description(self, files: Mapping[str, bytes]) -> Description:
        told = encode(BEGINNING.audience)
        return Description(
            forum=FORUM,
            kind=self.kind,
            origin=ORIGIN,
            book=str(BOOK),
            audience=Raw(self.audience or (told if self.start == 0 and self.end != 0 else b"null")),
            start=self.start,
            end=self.size if self.end is None else self.end,
            size=self.size,
            sha256={name: sha256(content).hexdigest() for name, content in files.items()},
        )

    def bundle(self, earlier: Iterable[int] = ()) -> bytes:
        return zipped(self, self.files(earlier))


def zipped(book: Book, files: Mapping[str, bytes]) -> bytes:
    """These files, with a description that has their SHA-256, as a liar would make it."""
    return written([(DESCRIPTION, encode(book.description(files))), *files.items()])


def policy(log: Private = LOG, enough: int = 3) -> Policy:
    """The log and four witnesses, three of whom must agree."""
    return Policy(
        (Log(log.key(ORIGIN)),),
        tuple(Witness(code, key.key(name)) for code, (name, key) in WITNESSES.items()),
        (Group("quorum", enough, tuple(WITNESSES)),),
        "quorum",
    )


def book(count: int = len(STORY), **differently: object) -> Book:
    """A book of so many facts, a second apart."""
    facts = (kept(fact, index, BEGUN + timedelta(seconds=index)) for index, fact in enumerate(story(count)))
    return replace(Book(tuple(facts)), **differently)


WORDS: Final = (NamedWords(4, "proposal.reason-given"),)


def erased(agreeing: Iterable[DelegationCode] = (CHN, JPN, KOR, USA), words: tuple[NamedWords, ...] = WORDS) -> Book:
    """The book, in which the words at 4 were erased after these had agreed."""
    whole = book()
    facts: list[tuple[Fact, DelegationCode]] = [
        (ErasureAsked(1, WORDS, Basis.PERSONAL_DATA, CHN), CHN),
        *((ErasureApproved(1, code), code) for code in agreeing),
        (ErasureCarriedOut(1, words, Basis.PERSONAL_DATA, (CHN, JPN, KOR, USA)), USA),
    ]
    more = [
        kept(fact, index, BEGUN + timedelta(seconds=index), delegation=code)
        for index, (fact, code) in enumerate(facts, whole.size)
    ]
    last = whole.size + len(more) - 1
    return replace(whole, facts=(*whole.facts, *more), withheld={4: Withheld(4, "erased", last)})


def golden() -> bytes:
    """The bundle that is kept."""
    return book().bundle(earlier=(1, 4))
