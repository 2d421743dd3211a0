"""Is a bundle true? A finding for each step, and for each fact a verdict. Nothing is said to be checked that was not.

In order: the files are those that are stated; the policy; the checkpoint's signatures and quorum; the root, from all entries; the
earlier checkpoints, and those that the reader remembers; each opening, with its index and book; times; signed acts; the state that
the facts come to; and that what is withheld is explained.

Ciphers, the replay and the reader's memory come in as functions.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Final, NoReturn, TypeVar

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from domain.record import fork, note
from domain.record import policy as policies
from domain.record.archive import Archive, parsed
from domain.record.bundle import (
    CHECKPOINT,
    CHECKPOINTS,
    DESCRIPTION,
    OPENINGS,
    POLICY,
    SLOTS,
    STATE,
    Description,
    NotAsStated,
    described,
    earlier,
)
from domain.record.checkpoint import Checkpoint
from domain.record.cosignature import Check, holds
from domain.record.cosignature import parsed as cosigned
from domain.record.fork import Fork
from domain.record.leaf import leaf
from domain.record.malformed import UNREADABLE, Malformed, base64
from domain.record.note import Holds, Note, Unproven, VerifierKey
from domain.record.openings import Authorities, Fact, Openings, Seen, Signed, envelopes, windows
from domain.record.policy import NOBODY, Policy, QuorumMissing, Witnessed, accepted, reached
from domain.record.report import Finding, Found, Outcome, Report, Run, Step, Verdict, runs
from domain.record.tiles import bundles, of_size, unbundled
from domain.record.tiles import content as content_of
from domain.record.tree import Read, nodes, spanned

T = TypeVar("T")

Replay = Callable[[Iterable[bytes]], bytes]
"""What these envelopes come to, as a bundle states it. Raises NotReplayed."""
Remembered = Callable[[str], Sequence[Note]]
"""The checkpoints of an origin that the reader has seen before."""

SKEW: Final = 300
"""By how many seconds a witness's clock and the record's may differ."""


class NotReplayed(Unproven):
    """These facts cannot be replayed here."""


class Means(Struct, frozen=True):
    """What the reader brings along. What is None is not checked, and the report says so."""

    check: Check
    policy: Policy | None = None
    """The reader's own; else that of the bundle, for which nobody vouches."""
    replay: Replay | None = None
    signed: Signed | None = None
    authorities: Authorities | None = None
    remembered: Remembered | None = None


class Shown(Struct, frozen=True):
    """A checkpoint that a log has signed, and the tree under it that was rebuilt."""

    policy: Policy
    note: Note
    tree: Checkpoint
    read: Read

    @property
    def keys(self) -> list[VerifierKey]:
        """Of the log."""
        return [log.key for log in self.policy.logs if log.key.name == self.tree.origin]


class _Stop(Exception):
    """What follows would rest on nothing."""


class Findings:
    """What was found so far of something that is being checked."""

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def add(self, step: Step, outcome: Outcome, says: str) -> None:
        """In the order in which it was found."""
        self.all.append(Finding(step, outcome, says))

    def held(self, step: Step, says: str) -> None:
        """It is as it should be."""
        self.add(step, Outcome.HELD, says)

    def failed(self, step: Step, says: object) -> None:
        """It is not."""
        self.add(step, Outcome.FAILED, str(says))

    def stop(self, step: Step, says: object) -> NoReturn:
        """It is not, and nothing else can be checked."""
        self.failed(step, says)
        raise _Stop


def verified(content: bytes, means: Means) -> Report:
    """Check a bundle."""
    examination = _Examination(means)
    with suppress(_Stop):
        examination.run(content)
    return examination.report()


def verified_mirror(fetch: Callable[[str], bytes], means: Means) -> Report:
    """Check a book that is laid out as static files, by what stands at each path; ``fetch`` raises NotAsStated where nothing does."""
    examination = _Examination(means)
    with suppress(_Stop):
        examination.run_mirror(fetch)
    return examination.report()


class _Examination:
    """A book that is being checked."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._holds = holds(means.check)
        self._findings = Findings()
        self._forks: list[Fork] = []
        self._stated: Description | None = None
        self._tree: Checkpoint | None = None
        self._note: Note | None = None
        self._facts: tuple[Run, ...] = ()

    def report(self) -> Report:
        """All that was found."""
        tree = self._tree
        return Report(
            findings=tuple(self._findings.all),
            facts=self._facts,
            origin=tree and tree.origin,
            kind=self._stated and self._stated.kind,
            size=tree and tree.size,
            root=tree and tree.root,
            note=self._note,
            forks=tuple(self._forks),
        )

    def run(self, content: bytes) -> None:
        """Step by step."""
        archive, stated = _files(content, self._findings)
        self._stated = stated
        policy = _policy(archive.__getitem__, self._means.policy, self._findings)
        tree = self._signed(archive[CHECKPOINT], policy)
        if (tree.origin, tree.size) != (stated.origin, stated.size):
            self._stop(f"it is of {tree.size} facts of {tree.origin}, not of {stated.size} of {stated.origin}")
        entries, shown = self._rebuilt(archive.__getitem__, policy, tree)
        seen = [*_seen(shown.note, policy, stated.size), *self._earlier(archive, shown)]
        self._remembered(shown)
        self._opened(archive, stated, entries, seen)

    def run_mirror(self, fetch: Callable[[str], bytes]) -> None:
        """The same of static files, which open nothing."""
        policy = _policy(fetch, self._means.policy, self._findings)
        try:
            tree = self._signed(fetch(CHECKPOINT), policy)
        except NotAsStated as error:
            self._stop(error)
        _, shown = self._rebuilt(fetch, policy, tree)
        _tiles(fetch, shown, self._findings)
        self._remembered(shown)
        self._findings.add(Step.OPENINGS, Outcome.NOT_CHECKED, "a mirror opens none")
        self._facts = tuple(runs(0, tree.size, Found(Verdict.COMMITTED, "a mirror opens none"), {}))

    def _stop(self, says: object) -> NoReturn:
        """The checkpoint is none, or of another book."""
        self._tree = self._note = None
        self._findings.stop(Step.CHECKPOINT, says)

    def _signed(self, content: bytes, policy: Policy) -> Checkpoint:
        self._note, found = _signed_by_log(content, policy, self._holds, self._findings)
        self._tree = found.checkpoint
        return found.checkpoint

    def _rebuilt(self, fetch: Callable[[str], bytes], policy: Policy, tree: Checkpoint) -> tuple[list[bytes], Shown]:
        assert self._note is not None, "only what a log has signed is compared"
        entries = _entries(fetch, tree.size, self._findings)
        shown = Shown(policy, self._note, tree, nodes(list(map(leaf, entries))))
        _root(shown, self._findings)
        return entries, shown

    def _earlier(self, archive: Archive, shown: Shown) -> list[Seen]:
        """When witnesses signed the checkpoints before the latest, each of which must be of this book."""
        seen: list[Seen] = []
        bad = 0
        sizes = earlier(archive.names)
        for size in sizes:
            path = f"{CHECKPOINTS}{size}"
            try:
                found = self._one_earlier(archive[path], size, shown)
                seen += _seen(found, shown.policy, size)
            except (Malformed, Unproven) as error:
                bad += 1
                self._findings.failed(Step.EARLIER, f"{path}: {error}")
        if not bad:
            self._findings.held(Step.EARLIER, f"{len(sizes)}, each signed by the log: the book only grew")
        return seen

    def _one_earlier(self, content: bytes, size: int, shown: Shown) -> Note:
        found = note.parsed(content)
        tree = accepted(replace(shown.policy, quorum=NOBODY), found, self._holds).checkpoint
        if (tree.origin, tree.size) != (shown.tree.origin, size) or not 0 < size <= shown.tree.size:
            raise NotAsStated(f"it is of {tree.size} facts of {tree.origin}")
        if self._forks_from(found, shown):
            raise NotAsStated("the log has signed another past: a fork")
        return found

    def _forks_from(self, first: Note, shown: Shown) -> bool:
        """Whether an earlier note and the latest cannot both be true; the evidence is kept."""
        found = fork.found(first, shown.note, shown.read, shown.keys)
        if found is not None:
            self._forks.append(found)
        return found is not None

    def _remembered(self, shown: Shown) -> None:
        if self._means.remembered is None:
            self._findings.add(Step.REMEMBERED, Outcome.NOT_CHECKED, "nothing is remembered here")
            return
        kept = {
            one: size for one in self._means.remembered(shown.tree.origin) if (size := self._size_of(one, shown)) is not None
        }
        forks = [size for one, size in kept.items() if 0 < size <= shown.tree.size and self._forks_from(one, shown)]
        for size in forks:
            self._findings.failed(Step.REMEMBERED, f"you have seen another past of {size} facts, signed by the log: a fork")
        later = max((size for size in kept.values() if size > shown.tree.size), default=None)
        if later is not None:
            self._findings.add(
                Step.REMEMBERED,
                Outcome.NOTED,
                f"you have seen {later} facts of this book before: these {shown.tree.size} are older",
            )
        if not forks:
            self._findings.held(Step.REMEMBERED, f"{sum(size <= shown.tree.size for size in kept.values())} agree")

    def _size_of(self, remembered: Note, shown: Shown) -> int | None:
        """Of what was signed by a log that is believed now; a stranger's checkpoint shows nothing."""
        try:
            return accepted(replace(shown.policy, quorum=NOBODY), remembered, self._holds).checkpoint.size
        except (Malformed, Unproven):
            return None

    def _opened(self, archive: Archive, stated: Description, entries: Sequence[bytes], seen: Iterable[Seen]) -> None:
        told = stated.kind != "regular"
        openings = Openings(stated, entries, windows(seen, SKEW), self._means.signed, self._means.authorities)
        openings.read(archive.lines(OPENINGS))
        found = _outside(stated, openings)
        self._facts = tuple(found)
        _openings(stated, openings, self._findings)
        _times(openings, self._findings, told=told)
        _acts(openings, self._findings, is_checked=self._means.signed is not None)
        if SLOTS in archive:
            self._findings.add(Step.SLOTS, Outcome.NOT_CHECKED, "the slots of epochs are opened, and not compared here")
        self._state(archive, stated, openings)
        _withheld(openings, self._findings)

    def _state(self, archive: Archive, stated: Description, openings: Openings) -> None:
        """Only what is whole, or lacks nothing but erased words, comes to a state."""
        add = self._findings.add
        if STATE not in archive:
            add(Step.STATE, Outcome.NOT_CHECKED, "none is stated, since the bundle does not open the first facts")
        elif self._means.replay is None:
            add(Step.STATE, Outcome.NOT_CHECKED, "there is no replay here")
        elif any(one.verdict is not Verdict.ERASED for one in openings.exceptions.values()):
            add(Step.STATE, Outcome.NOT_CHECKED, "not all facts are there to be replayed")
        else:
            self._replayed(archive[STATE], self._means.replay, archive.lines(OPENINGS), stated.end)

    def _replayed(self, state: bytes, replay: Replay, lines: Iterable[bytes], end: int) -> None:
        try:
            found = replay(envelopes(lines))
        except NotReplayed as error:
            self._findings.add(Step.STATE, Outcome.NOT_CHECKED, str(error))
            return
        if found == state:
            self._findings.held(Step.STATE, f"a replay of {end} facts comes to what is stated")
        else:
            self._findings.failed(Step.STATE, "a replay of the facts comes to another state than is stated")


def _files(content: bytes, findings: Findings) -> tuple[Archive, Description]:
    try:
        archive = parsed(content)
        stated = described(_description(archive))
    except (Malformed, Unproven) as error:
        findings.stop(Step.FILES, error)
    if archive.names != stated.names:
        findings.stop(Step.FILES, "the files are not those that bundle.json names, in their order")
    wrong = [name for name, digest in stated.sha256.items() if sha256(archive.view(name)).hexdigest() != digest]
    if wrong:
        findings.stop(Step.FILES, f"{', '.join(wrong[:5])}: not as bundle.json states, by SHA-256")
    findings.held(Step.FILES, f"{len(stated.sha256)} with the SHA-256 that bundle.json states, in a canonical zip")
    return archive, stated


def _description(archive: Archive) -> bytes:
    if DESCRIPTION not in archive:
        raise NotAsStated(f"there is no {DESCRIPTION}")
    return archive[DESCRIPTION]


def _policy(fetch: Callable[[str], bytes], own: Policy | None, findings: Findings) -> Policy:
    if own is not None:
        findings.held(Step.POLICY, "your own")
        return own
    try:
        policy = policies.parsed(fetch(POLICY))
    except (Malformed, NotAsStated) as error:
        findings.stop(Step.POLICY, error)
    findings.add(
        Step.POLICY,
        Outcome.NOTED,
        "its own: whoever made it chose whom to believe, so compare its keys with the printed ones",
    )
    return policy


def _signed_by_log(content: bytes, policy: Policy, signature_holds: Holds, findings: Findings) -> tuple[Note, Witnessed]:
    """The checkpoint of a book, and who signed it; what is to be said of that, and of its quorum."""
    try:
        latest = note.parsed(content)
        found = accepted(replace(policy, quorum=NOBODY), latest, signature_holds)
    except (Malformed, Unproven) as error:
        findings.stop(Step.CHECKPOINT, error)
    findings.held(Step.CHECKPOINT, f"signed by the log for {found.checkpoint.size} facts of {found.checkpoint.origin}")
    who = ", ".join(sorted(found.witnesses)) or "nobody"
    if not reached(policy, found.witnesses):
        findings.failed(Step.QUORUM, QuorumMissing(policy.quorum, found.witnesses))
    elif policy.quorum == NOBODY:
        findings.add(Step.QUORUM, Outcome.NOTED, f"the policy asks for no witness; signed by {who}")
    else:
        findings.held(Step.QUORUM, f"{policy.quorum}: signed by {who}")
    return latest, found


def _entries(fetch: Callable[[str], bytes], size: int, findings: Findings) -> list[bytes]:
    """Every entry of the book, whatever it holds: it is hashed as it stands."""
    found: list[bytes] = []
    for tile in bundles(size):
        try:
            found.extend(unbundled(tile, fetch(tile.path)))
        except (Malformed, NotAsStated) as error:
            findings.stop(Step.ROOT, f"{tile.path}: {error}")
    return found


def _root(shown: Shown, findings: Findings) -> None:
    rebuilt = spanned(shown.read, 0, shown.tree.size)
    if rebuilt != shown.tree.root:
        findings.stop(Step.ROOT, f"the entries come to {base64(rebuilt)}, and the log signed {base64(shown.tree.root)}")
    findings.held(Step.ROOT, f"rebuilt from all {shown.tree.size} entries")


def _tiles(fetch: Callable[[str], bytes], shown: Shown, findings: Findings) -> None:
    """Each tile of hashes holds what the entries come to."""
    count = 0
    for tile in of_size(shown.tree.size):
        try:
            if fetch(tile.path) != content_of(shown.read, tile):
                findings.failed(Step.TILES, f"{tile.path} does not hold what the entries come to")
        except NotAsStated as error:
            findings.failed(Step.TILES, error)
        count += 1
    if not any(one.step is Step.TILES for one in findings.all):
        findings.held(Step.TILES, f"{count}, each what the entries come to")


def _seen(found: Note, policy: Policy, size: int) -> list[Seen]:
    """When witnesses signed a note whose signatures hold."""
    kinds = {(one.key.name, one.key.id): one.key.kind for one in policy.witnesses}
    lines = [(kinds.get((line.name, line.id)), line.octets) for line in found.signatures]
    return [Seen(size, cosigned(kind, octets).at) for kind, octets in lines if kind is not None]


def _outside(stated: Description, openings: Openings) -> list[Run]:
    """The verdicts of all facts of the book; of those that the bundle was not asked for, too."""
    committed = Found(Verdict.COMMITTED, "the bundle was not asked to open it")
    return [
        *runs(0, stated.start, committed, {}),
        *runs(stated.start, stated.end, Found(Verdict.VERIFIED), openings.exceptions),
        *runs(stated.end, stated.size, committed, {}),
    ]


def _openings(stated: Description, openings: Openings, findings: Findings) -> None:
    for reason in _strange(stated, openings):
        findings.failed(Step.OPENINGS, reason)
    if openings.surplus:
        findings.failed(Step.OPENINGS, f"there are more than the {stated.end - stated.start} that bundle.json states")
    _judged(Step.OPENINGS, openings, findings, f"{stated.end - stated.start}, each of its index and of this book")


def _judged(step: Step, openings: Openings, findings: Findings, otherwise: str, outcome: Outcome = Outcome.HELD) -> None:
    """A step that looks at every fact: which of them failed, or what is to be said if none did."""
    failed = openings.faults.get(step, [])
    if failed:
        first = min(failed)
        findings.failed(step, f"{len(failed)} facts do not hold, the first at {first}: {openings.exceptions[first].reason}")
    elif not any(one.step is step and one.outcome is Outcome.FAILED for one in findings.all):
        findings.add(step, outcome, otherwise)


class _Begun(Struct):
    audience: Raw


class _Founded(Struct):
    host: str
    kind: str


def _strange(stated: Description, openings: Openings) -> Iterator[str]:
    """What bundle.json says of the book and its forum, and the facts do not."""
    begun = _read(openings.begun, _Begun)
    if bytes(stated.audience) != (b"null" if begun is None else bytes(begun.audience)):
        yield "bundle.json states another audience than the fact that opened the book"
    founded = _read(openings.founded, _Founded)
    if founded is not None and (founded.host, founded.kind) != (stated.forum, stated.kind):
        yield f"bundle.json states another forum than was founded: {founded.host}, {founded.kind}"


def _read(fact: Fact | None, kind: type[T]) -> T | None:
    """What such a fact says. One that says nothing of the kind is of no use here, and the replay finds it."""
    try:
        return None if fact is None else msgspec.json.decode(fact.data, type=kind)
    except UNREADABLE:
        return None


def _times(openings: Openings, findings: Findings, *, told: bool) -> None:
    if told:
        _judged(Step.TIMES, openings, findings, "never backwards; this forum is told its times, by no clock", Outcome.NOTED)
    elif openings.early:
        first = openings.early[0]
        says = f"never backwards; but {len(openings.early)} facts, the first {first}, are dated before a witness saw the book without them: the signer was away, or they were dated back"
        _judged(Step.TIMES, openings, findings, says, Outcome.NOTED)
    else:
        _judged(Step.TIMES, openings, findings, f"never backwards, and none more than {SKEW} s off what witnesses saw")


def _acts(openings: Openings, findings: Findings, *, is_checked: bool) -> None:
    says = f"{openings.acts} facts bear a delegation's signature"
    _judged(Step.ACTS, openings, findings, says, Outcome.HELD if is_checked else Outcome.NOT_CHECKED)


def _withheld(openings: Openings, findings: Findings) -> None:
    kept = [one.verdict for one in openings.exceptions.values()]
    erased, undisclosed = kept.count(Verdict.ERASED), kept.count(Verdict.COMMITTED)
    says = f"{erased} erased as the book says and its delegations agreed, {undisclosed} not disclosed"
    if openings.elsewhere:
        says += f", {openings.elsewhere} of which are said to be erased by facts that were not looked into"
    _judged(Step.WITHHELD, openings, findings, says, Outcome.NOTED if openings.elsewhere else Outcome.HELD)
