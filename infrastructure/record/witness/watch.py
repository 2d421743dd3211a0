"""A witness at work: it looks at each book that it may read, cosigns what goes on from what it knows, and says what is wrong.

Of each new checkpoint, in this order: signed by the log's key as pinned; begins with the last, by proof; the entries are fetched
and make up the root; the openings open them; all of it is on the disk, then the tree in the state; then it is cosigned. So what it
cosigned it can always show, and it never cosigns two histories, whatever it is served and whenever it is ended.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from domain.identity import BookId
from domain.record import checkpoint, fork, note, promise
from domain.record.broken import Broken, Standing, standing
from domain.record.checkpoint import Checkpoint
from domain.record.envelope import SALT_BYTES, commitment, opened
from domain.record.fork import Fork
from domain.record.leaf import entry, leaf
from domain.record.malformed import UNREADABLE, Malformed
from domain.record.note import Kind, Note, Unproven, VerifierKey, signers
from domain.record.promise import WITHIN, Promised
from domain.record.proofs import Proof, consistency, inclusion
from domain.record.tiles import WIDTH, bundles, unbundled
from domain.record.tree import nodes, root, spanned
from domain.record.witnessing import shown
from infrastructure.record.ciphers import HOLDS
from infrastructure.record.witness import alarms
from infrastructure.record.witness.alarms import Alarm
from infrastructure.record.witness.errors import Away, Refused, WitnessError
from infrastructure.record.witness.folder import BROKEN, EVIDENCE, KEPT, PROMISES, Folder, joined
from infrastructure.record.witness.forum import Forum, Listed, LogKeys, Opening
from infrastructure.record.witness.mirror import Mirror

PAGE: Final = 1000
"""So many openings are asked for at once."""
THOROUGH: Final = timedelta(seconds=15)
"""So often the checkpoint of each book is fetched, also of one that the forum says has not grown."""
SKEW: Final = timedelta(seconds=5)
"""By how much its own clock may run ahead of the record's before a promise counts as broken."""
SILENT_AFTER: Final = timedelta(minutes=5)

_log = structlog.get_logger()


class _Wrong(Exception):
    """What was served is not as it must be: there is nothing to cosign, and something to say."""

    def __init__(self, kind: alarms.Kind, sentence: str, content: bytes | None = None) -> None:
        super().__init__(sentence)
        self.kind: alarms.Kind = kind
        self.content = content


class Watch:
    """Over a folder that is open. ``now``: the witness's own clock, which its cosignatures state; ``hear``: is told each alarm once."""

    def __init__(
        self,
        folder: Folder,
        forum: Forum,
        *,
        now: Callable[[], datetime],
        hear: Callable[[Alarm], None],
        silent_after: timedelta = SILENT_AFTER,
    ) -> None:
        self._folder = folder
        self._forum = forum
        self._now = now
        self._hear = hear
        self._silent_after = silent_after
        self._mirrors: dict[BookId, Mirror] = {}
        self._waiting: dict[BookId | None, datetime] = {}
        self._silent: set[BookId | None] = set()
        self._told: set[tuple[BookId | None, str]] = set()
        self._looked: datetime | None = None
        self._fresh: set[BookId] = set()
        """Books whose newest checkpoint the last look saw and verified."""
        self.alarmed = False
        """Whether there was anything to raise its voice about, in this run."""
        self.away: str | None = None
        """Why the last look saw nothing; None: it did."""
        self.cosigned = 0
        """How many cosignatures it made in this run."""

    async def look(self) -> None:
        """Once at every book. Raises Unknown where the token is not valid; whatever else is wrong, it goes on with the next book."""
        try:
            listed = await self._forum.books()
        except (Away, Refused, Malformed) as away:
            self.away = str(away)
            self._is_waiting(None, f"the forum does not answer: {away}")
            return
        self.away = None
        self._goes_on(None)
        gone = self._followed() - {book.id for book in listed}
        for book in sorted(gone, key=str):
            self._is_waiting(book, "the forum lists the book no more")
        thorough = self._looked is None or self._now() - self._looked >= THOROUGH
        self._looked = self._now() if thorough else self._looked
        self._fresh.clear()
        for book in listed:
            if thorough or book.id in self._waiting or book.size != self._mirror(book.id).size:
                await self._look_at(book)
        self._settle_promises()

    @property
    def place(self) -> str:
        """How far it has come, as a position in the forum's feed."""
        return ",".join(f"{book}:{mirror.size - 1}" for book, mirror in sorted(self._mirrors.items()) if mirror.size)

    @property
    def expects(self) -> bool:
        """Whether a checkpoint is about to come, or something is to be asked again."""
        return bool(self._waiting)

    async def _look_at(self, listed: Listed) -> None:
        book = listed.id
        try:
            await self._follow(listed)
        except (Away, Refused) as away:
            self._is_waiting(book, str(away))
        except Malformed as strange:
            self._is_waiting(book, f"what it serves cannot be read: {strange}")
        except _Wrong as wrong:
            self._waiting.setdefault(book, self._now())
            self._alarm(wrong.kind, book, str(wrong), wrong.content)
        else:
            self._fresh.add(book)
            if self._mirror(book).size < listed.facts:
                self._is_waiting(
                    book, f"{listed.facts} facts are recorded, and a checkpoint speaks of {self._mirror(book).size}"
                )
            else:
                self._goes_on(book)

    async def _follow(self, listed: Listed) -> None:
        """Raises _Wrong, Away, Refused, Malformed."""
        book, mirror = listed.id, self._mirror(listed.id)
        if listed.size == 0 and mirror.tree is None and self._last(book) is None:
            return
        found = await self._signed(book, await self._forum.checkpoint(book))
        tree, last = checkpoint.parsed(found.text), self._last(book)
        proof: Proof = ()
        if last is not None and 0 < last.size < tree.size:
            proof = await self._forum.consistency(book, last.size, tree.size)
        match shown(last, tree, proof):
            case "new":
                await self._take(book, found, tree)
            case "known":
                await self._again(book, found, tree)
            case "rollback":
                self._older(book, found, tree)
            case "fork":
                self._forked(book, found, tree.root, ())
            case "unproven":
                await self._unproven(book, found, tree)

    async def _signed(self, book: BookId, content: bytes) -> Note:
        """The note, signed by the log under the book's origin."""
        try:
            found = note.parsed(content)
            tree = checkpoint.parsed(found.text)
        except Malformed as wrong:
            raise _Wrong("bad-signature", f"What is served as a checkpoint is none: {wrong}.", content) from None
        if tree.origin != (origin := self._origin(book)):
            raise _Wrong("bad-signature", f"The checkpoint is of {tree.origin}, not of {origin}.", content)
        try:
            signers(found, self._logs(book), HOLDS)
        except Unproven as wrong:
            raise _Wrong(
                "bad-signature", f"The checkpoint is not signed by the key that this witness knows: {wrong}.", content
            ) from None
        await self._learn(book, found)
        return found

    async def _learn(self, book: BookId, found: Note) -> None:
        """While keys overlap, a note bears the signatures of both: one that is known vouches for the next."""
        known = {key.id for key in self._logs(book)}
        origin = self._origin(book)
        if all(line.name != origin or line.id in known for line in found.signatures):
            return
        said = await self._forum.keys()
        for key in self._keys(book, said.logs):
            if key.id not in known and _signs(key, found):
                pinned = self._folder.pinned
                self._folder.pin(LogKeys(joined(pinned.logs, (key.public,)), joined(pinned.promises, said.promises)))
                _log.warning("witness.key-learnt", key=str(key), vouched="signed the same checkpoint as a key that was known")

    async def _take(self, book: BookId, found: Note, tree: Checkpoint) -> None:
        """A tree that begins with the last: keep all of it, then cosign it."""
        mirror = self._mirror(book)
        entries = await self._entries(book, mirror.size, tree.size)
        if mirror.frontier().extended(map(leaf, entries)).root != tree.root:
            raise _Wrong("bad-entries", f"The entries do not make up the root of {tree.size}.", bytes(found))
        await asyncio.to_thread(mirror.grow, tree, entries)
        await self._open(book, entries)
        await asyncio.to_thread(mirror.keep, Note(found.text, self._of_log(found)))
        await self._cosign(book, tree)

    async def _entries(self, book: BookId, first: int, end: int) -> list[bytes]:
        found: list[bytes] = []
        for tile in bundles(end, first):
            found += unbundled(tile, await self._forum.entries(book, tile))
        return found[first % WIDTH :]

    async def _open(self, book: BookId, entries: Sequence[bytes]) -> None:
        """What opens the entries after the last checkpoint, in pages."""
        mirror = self._mirror(book)
        start = mirror.size
        mirror.close_from(start)
        for at in range(0, len(entries), PAGE):
            page = entries[at : at + PAGE]
            openings = await self._forum.openings(book, start + at, start + at + len(page))
            if len(openings) != len(page):
                raise _Wrong("bad-opening", f"Of {len(page)} entries, {len(openings)} are opened.")
            for index, (content, opening) in enumerate(zip(page, openings, strict=True), start=start + at):
                if not _opens(opening, content, book, index):
                    raise _Wrong("bad-opening", f"What is said to open entry {index} does not.", _said(opening))
            await asyncio.to_thread(mirror.open, openings)

    async def _cosign(self, book: BookId, tree: Checkpoint) -> None:
        """The state first, durably: of what is in it the cosignature may be out in the world."""
        if self._folder.is_frozen(book):
            self._say_frozen(book)
            return
        mirror, state = self._mirror(book), self._folder.state
        if not state.stands:
            raise WitnessError("The state was taken away or put in place of another: nothing more is cosigned.")
        assert mirror.note is not None, "what is cosigned is kept"
        last = state.last(tree.origin)
        assert tree.size > last.size or tree.root == last.root, "one root for one size"
        if tree.size > last.size:
            await asyncio.to_thread(state.write, tree)
        line = self._folder.private.signature(self._folder.described.name, str(tree), int(self._now().timestamp()))
        await asyncio.to_thread(mirror.keep, mirror.note.beside(line))
        self.cosigned += 1
        await self._forum.cosign(book, tree.size, str(line))
        _log.info("witness.cosigned", book=str(book), size=tree.size)

    async def _again(self, book: BookId, found: Note, tree: Checkpoint) -> None:
        """A tree that is known: the cosignature may have been lost on its way, or not have been made."""
        if self._folder.is_frozen(book):
            self._say_frozen(book)
            return
        mirror, key = self._mirror(book), self._folder.key
        if mirror.size < tree.size:
            await self._take(book, found, tree)
            return
        assert mirror.note is not None, "the last tree is kept"
        if any((line.name, line.id) == (key.name, key.id) for line in found.signatures):
            return
        ours = next((line for line in mirror.note.signatures if (line.name, line.id) == (key.name, key.id)), None)
        if ours is None:
            await self._cosign(book, tree)
        else:
            await self._forum.cosign(book, tree.size, str(ours))

    def _older(self, book: BookId, found: Note, tree: Checkpoint) -> None:
        """Less than the book had: of the same history, or of another."""
        mirror = self._mirror(book)
        if tree.size == 0 or mirror.size < tree.size:
            raise _Wrong("rollback", f"The book had more entries than the {tree.size} that it is served with.", bytes(found))
        if spanned(mirror.nodes(), 0, tree.size) == tree.root:
            raise _Wrong("rollback", f"The book had {mirror.size} entries, and is served with {tree.size}.", bytes(found))
        assert mirror.note is not None, "a mirror that holds entries has their checkpoint"
        evidence = fork.found(found, mirror.note, mirror.nodes(), self._logs(book))
        assert evidence is not None, "the roots differ"
        self._fork(book, evidence)

    def _forked(self, book: BookId, found: Note, begins: bytes, proof: Proof) -> None:
        """Another root of the same size, or of a tree that begins otherwise."""
        kept = self._mirror(book).note
        if kept is None:  # the mirror was lost: the state alone remembers the root
            self._folder.freeze(book, "another history than the one that was cosigned; the mirror that would prove it is lost")
            raise _Wrong("inconsistent", "The book tells another history than was cosigned.", bytes(found))
        self._fork(book, Fork(Note(kept.text, self._of_log(kept)), found, begins, proof, tuple(self._logs(book))))

    async def _unproven(self, book: BookId, found: Note, tree: Checkpoint) -> None:
        """The proof does not hold: what all entries together come to decides whether it is the proof or the history that is wrong."""
        last = self._last(book)
        assert last is not None, "everything begins with nothing"
        leaves = [leaf(found) for found in await self._entries(book, 0, tree.size)]
        if root(leaves) != tree.root:
            raise _Wrong(
                "inconsistent", f"Nothing shows that the tree of {tree.size} begins with that of {last.size}.", bytes(found)
            )
        read = nodes(leaves)
        begins = spanned(read, 0, last.size)
        if begins == last.root:
            raise _Wrong("inconsistent", f"The proof from {last.size} to {tree.size} does not hold.", bytes(found))
        self._forked(book, found, begins, consistency(read, last.size, tree.size))

    def _fork(self, book: BookId, evidence: Fork) -> None:
        self._folder.freeze(book, "a fork: see the folder evidence")
        sizes = [checkpoint.parsed(side.text).size for side in (evidence.first, evidence.second)]
        self._raise(
            "fork",
            book,
            f"The log signed two histories, one of {sizes[0]} entries and one of {sizes[1]}. The file proves it; hand it to the others.",
            bytes(evidence),
            told=evidence.first.text.encode() + evidence.second.text.encode(),
        )

    def _say_frozen(self, book: BookId) -> None:
        if (book, "frozen") not in self._told:
            self._told.add((book, "frozen"))
            _log.warning("witness.frozen", book=str(book), hint="not cosigned until `accord witness resume` says so")

    def _settle_promises(self) -> None:
        """Put each promise that is kept or broken where it belongs; the others are looked at again."""
        waiting = self._folder.path / PROMISES
        for file in sorted(found for found in waiting.iterdir() if found.is_file()):
            try:
                settled = self._settle(file.read_bytes())
            except (Malformed, Unproven) as wrong:
                self._note(None, f"{file} is no promise that this forum signed: {wrong}")
                continue
            if settled is not None:
                (waiting / settled).mkdir(mode=0o700, exist_ok=True)
                file.rename(waiting / settled / file.name)

    def _settle(self, content: bytes) -> str | None:
        """Where a promise belongs by now. Raises Malformed, Unproven."""
        made = note.parsed(content)
        promised = promise.parsed(made.text)
        signers(made, self._promisers(), HOLDS)
        book = next((found for found in self._fresh if self._origin(found) == promised.origin), None)
        if book is None:
            return None
        stand = [(fact, *self._standing(book, fact)) for fact in promised.facts]
        broken = [(fact, stands) for fact, how, stands in stand if how == "broken"]
        for fact, stands in broken:
            self._broken(book, content, fact, stands)
        return BROKEN if broken else KEPT if all(how == "kept" for _, how, _ in stand) else None

    def _standing(self, book: BookId, fact: Promised) -> tuple[Standing, bytes | None]:
        mirror = self._mirror(book)
        stands = mirror.entries(fact.index)[0] if fact.index < mirror.size else None
        return standing(fact, mirror.size, stands, self._now() - SKEW), stands

    def _broken(self, book: BookId, content: bytes, fact: Promised, stands: bytes | None) -> None:
        mirror = self._mirror(book)
        assert mirror.note is not None, "a book that was looked at has a checkpoint"
        line = self._folder.private.signature(self._folder.described.name, mirror.note.text, int(self._now().timestamp()))
        under = Note(mirror.note.text, (*self._of_log(mirror.note), line))  # says anew that this is the newest, now
        proof = () if stands is None else inclusion(mirror.nodes(), fact.index, mirror.size)
        evidence = Broken(content.decode(), fact.index, bytes(under).decode(), stands, proof)
        what = "something else stands there" if stands else f"the tree has {mirror.size}"
        self._raise(
            "broken-promise",
            book,
            f"Fact {fact.index} was promised for {fact.at + WITHIN:%Y-%m-%dT%H:%M:%SZ}, and {what}.",
            bytes(evidence),
            told=content + str(fact.index).encode(),
        )

    def _promisers(self) -> list[VerifierKey]:
        name = f"{self._folder.described.host}/promise"
        return [VerifierKey(name, Kind.ED25519, octets) for octets in self._folder.pinned.promises]

    def _note(self, book: BookId | None, why: str) -> None:
        """In the log, once."""
        if (book, why) not in self._told:
            self._told.add((book, why))
            _log.warning("witness.waiting", book=None if book is None else str(book), why=why)

    def _alarm(self, kind: alarms.Kind, book: BookId | None, sentence: str, seen: bytes | None) -> None:
        verified = self._mirror(book).note if book is not None else None
        kept = alarms.kept(kind, book, self._now(), sentence, bytes(verified) if verified else None, seen)
        self._raise(kind, book, sentence, kept, told=sentence.encode() + (seen or b""))

    def _raise(self, kind: alarms.Kind, book: BookId | None, sentence: str, content: bytes, *, told: bytes) -> None:
        """Once in each run, and into one file over all runs."""
        self.alarmed = True
        file, _ = alarms.write(self._folder.path / EVIDENCE, kind, book, content, told)
        if (key := (book, file.name)) not in self._told:
            self._told.add(key)
            self._hear(Alarm(kind, book, sentence, file))

    def _is_waiting(self, book: BookId | None, why: str) -> None:
        self._note(book, why)
        since = self._waiting.setdefault(book, self._now())
        if self._now() - since >= self._silent_after and book not in self._silent:
            self._silent.add(book)
            self._alarm("silent", book, f"Silent since {since:%Y-%m-%dT%H:%M:%SZ}: {why}.", None)

    def _goes_on(self, book: BookId | None) -> None:
        self._waiting.pop(book, None)
        if book in self._silent:
            self._silent.discard(book)
            _log.info("witness.heard-again", book=None if book is None else str(book))

    def _followed(self) -> set[BookId]:
        return set(self._mirrors)

    def _mirror(self, book: BookId) -> Mirror:
        if book not in self._mirrors:
            self._mirrors[book] = Mirror(self._folder.mirror(book))
        return self._mirrors[book]

    def _last(self, book: BookId) -> Checkpoint | None:
        """The last tree that was verified; if the mirror is lost, the last that was cosigned."""
        origin, mirror = self._origin(book), self._mirror(book)
        last = self._folder.state.last(origin)
        if mirror.tree is not None and mirror.size >= last.size:
            return mirror.tree
        return Checkpoint(origin, last.size, last.root) if last.size else None

    def _origin(self, book: BookId) -> str:
        return checkpoint.origin_of(self._folder.described.host, book)

    def _logs(self, book: BookId) -> list[VerifierKey]:
        return self._keys(book, self._folder.pinned.logs)

    def _keys(self, book: BookId, public: Sequence[bytes]) -> list[VerifierKey]:
        return [VerifierKey(self._origin(book), Kind.ED25519, octets) for octets in public]

    def _of_log(self, found: Note) -> tuple[note.Signature, ...]:
        """The lines of the log alone."""
        origin = checkpoint.parsed(found.text).origin
        return tuple(line for line in found.signatures if line.name == origin)


def _signs(key: VerifierKey, found: Note) -> bool:
    try:
        signers(found, [key], HOLDS)
    except Unproven:
        return False
    return True


def _opens(opening: Opening, content: bytes, book: BookId, index: int) -> bool:
    """Whether it opens the entry at its index of its book; what is withheld opens nothing, and says so."""
    if opening.index != index:
        return False
    if opening.salt is None or opening.envelope is None:
        return opening.withheld is not None
    if len(opening.salt) != SALT_BYTES or entry(commitment(opening.salt, opening.envelope)) != content:
        return False
    try:
        told = opened(opening.envelope)
    except UNREADABLE:
        return False
    return (told.book, told.index) == (book, index)


def _said(opening: Opening) -> bytes:
    return msgspec.json.encode(opening)
