"""The application as its callers hold it: commands go to the tracker, questions are answered from memory and views.

Owned by one event loop.
"""

from asyncio import timeout
from collections.abc import Awaitable, Callable, Mapping, Set
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from application.access import Person
from application.books import Binder, Books
from application.clock import RecordClock
from application.comparisons import Comparisons
from application.cosigning import Cosigning
from application.desk import NotThereError
from application.directory import Directory
from application.etags import proposal_etag
from application.folds import Folded, State, fold
from application.follower import Follower
from application.listeners import Listeners
from application.memory import Memory, read
from application.moments import Moments
from application.people import People
from application.ports import Checkpoints, EventLog, Horizon, Signer, Slots
from application.promises import Promises
from application.tracker import Tracker
from application.trust import Keyring
from application.views.agreements import Agreements
from application.views.current import Answers, Basis, Current
from application.views.drafts import Drafts
from application.views.pages import ViewsBehindError, Waiting
from application.views.prepared import PreparedActs
from application.views.progress import ProgressFigures
from application.views.proposals import Proposals
from application.views.status import ProposalStatus, status
from domain.conferences.agenda import Agenda
from domain.conferences.edition import Edition
from domain.forum.events import Audience, AudienceKind
from domain.forum.forum import Format
from domain.identity import BookId, DelegationCode, EditionCode, FormatCode, PersonId, StreamId
from domain.kernel import Fact, Recorded
from domain.proposals.proposal import Proposal, UnderSilence, next_change, settle

WAIT_SECONDS: Final = 2.0
"""How long a read waits for what its reader has seen already."""

LIST_SECONDS: Final = 0.25
"""How long a list waits for what was recorded just now."""

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

S = TypeVar("S", bound=State)
T = TypeVar("T")


class LaggingError(Exception):
    """What the reader has seen already is not here yet."""


class Caller(Struct, frozen=True):
    """Who asks, what they are now, and the books that they may read."""

    person: Person
    books: frozenset[BookId]
    now: datetime
    token: bytes | None = None
    """SHA-256 of what they are known by."""
    seen: int = 0
    """A position of the record; what they are shown must not be older."""


class Accord:
    """What the edge talks to."""

    def __init__(
        self,
        *,
        log: EventLog,
        memory: Memory,
        directory: Directory,
        clock: RecordClock,
        tracker: Tracker,
        follower: Follower,
        listeners: Listeners,
        people: People,
        waiting: Waiting,
        proposals: Proposals,
        drafts: Drafts,
        prepared: PreparedActs,
        agreements: Agreements,
        comparisons: Comparisons,
        progress: ProgressFigures,
        signer: Signer,
        books: Books,
        cosigning: Cosigning,
        keyring: Keyring,
        promises: Promises,
        slots: Slots,
        checkpoints: Checkpoints,
        binder: Callable[[], Binder],
    ) -> None:
        self.memory = memory
        self.directory = directory
        self.tracker = tracker
        self.follower = follower
        self.listeners = listeners
        self.people = people
        self.views = waiting
        self.proposals = proposals
        self.drafts = drafts
        self.prepared = prepared
        self.agreements = agreements
        self.comparisons = comparisons
        self.progress = progress
        self.books = books
        self.cosigning = cosigning
        self.keyring = keyring
        self.slots = slots
        self.checkpoints = checkpoints
        self.binder = binder
        self.log = log
        self.signer = signer
        self.promises = promises
        self._clock = clock
        self._horizon: datetime | None = None
        self._answers = Answers()
        self._listed: dict[str, Horizon] = {}
        """By view: the last that it was seen to reach."""
        self._awaited: dict[str, Horizon] = {}
        """By view: the first that it was not."""

    def caller(self, person: PersonId | None, token: bytes | None = None) -> Caller:
        """Who asks, now."""
        now = self._clock.now()
        found, books = self.directory.person(person, now)
        return Caller(found, books, now, token)

    async def find(self, stream: StreamId, books: Set[BookId], kind: type[S]) -> tuple[Folded, S]:
        """A stream as it is now: from memory while the feed is heard from, else from the record. Raises NotThereError."""
        held = self.memory.find(stream, books)
        if held is None or not self.follower.is_fresh:
            held = await read(self.log, self.memory, stream, books)
        if held is None or not isinstance(held.state, kind):
            raise NotThereError
        return held, held.state

    async def agenda(self, edition: EditionCode, format_: FormatCode, books: Set[BookId]) -> tuple[Agenda, int]:
        """An agenda and its version: empty and 0 where nothing happened on it yet. Raises NotThereError."""
        stream = self.directory.stream_of("agenda", format_, edition)
        with suppress(NotThereError):
            folded, agenda = await self.find(stream, books, Agenda)
            return agenda, folded.version
        await self.find(self.directory.stream_of("edition", edition), books, Edition)
        _, known = await self.find(self.directory.stream_of("format", format_), books, Format)
        book = self.directory.book_of(Audience(AudienceKind.FORMAT, format_, known.defined.members))
        if book is None or book.book not in books:
            raise NotThereError
        return Agenda(edition, format_), 0

    async def proposal(self, stream: StreamId, books: Set[BookId]) -> tuple[Folded, Proposal, datetime]:
        """A proposal and the instant at which to settle it: past a deadline only once nothing earlier can be recorded."""
        folded, proposal = await self.find(stream, books, Proposal)
        now = self._clock.now()
        match proposal.phase:
            case UnderSilence(deadline=deadline) if deadline <= now and not self._is_past(deadline):
                horizon = await self.log.horizon()
                await self._within(self.follower.caught_up(horizon.position))
                self._horizon = horizon.at
                folded, proposal = await self.find(stream, books, Proposal)
                return folded, proposal, horizon.at
            case _:
                return folded, proposal, now

    async def current(self, stream: StreamId, books: Set[BookId]) -> Current:
        """Where a proposal stands now, encoded. Raises NotThereError."""
        folded, proposal, now = await self.proposal(stream, books)
        generation = self.memory.generation
        if (kept := self._answers.find(stream, folded, generation, now)) is not None:
            return kept
        body = msgspec.json.encode(self.status(proposal, now, books))
        answer = Current(body, proposal_etag(folded.version, settle(proposal, now)))
        self._answers.keep(stream, Basis(folded, generation, now, next_change(proposal, now)), answer)
        return answer

    async def proposal_then(self, stream: StreamId, books: Set[BookId], asked: Moments) -> tuple[Proposal, datetime]:
        """A proposal of a moment before, and the instant at which to settle it. Raises NotThereError."""
        horizon = await self.log.horizon()
        folded = fold(asked.of(await self._facts(stream, books, horizon)))
        if folded is None or not isinstance(folded.state, Proposal):
            raise NotThereError
        moment = asked.settled(horizon.at)
        return settle(folded.state, moment), moment

    async def then(self, stream: StreamId, books: Set[BookId], asked: Moments) -> Folded:
        """A stream as it was at a moment. Raises NotThereError, also where it was not there yet."""
        folded = fold(asked.of(await self.facts(stream, books)))
        if folded is None:
            raise NotThereError
        return folded

    async def all_of(self, kind: type[State], books: Set[BookId], asked: Moments) -> list[Folded]:
        """All editions, or releases, as they were at a moment."""
        known = [(stream, folded) for stream, folded, _ in self.memory.everything(kind) if folded.book in books]
        if asked.is_now:
            return [folded for _, folded in known]
        found: list[Folded] = []
        for stream, _ in known:
            with suppress(NotThereError):
                found.append(await self.then(stream, books, asked))
        return found

    async def at(self, stream: StreamId, books: Set[BookId], kind: type[S], asked: Moments) -> tuple[Folded, S]:
        """A stream now, or as it was at a moment. Raises NotThereError."""
        if asked.is_now:
            return await self.find(stream, books, kind)
        folded = await self.then(stream, books, asked)
        if not isinstance(folded.state, kind):
            raise NotThereError
        return folded, folded.state

    def status(self, proposal: Proposal, now: datetime, books: Set[BookId]) -> ProposalStatus:
        """Where the proposal stands."""
        rules = self.directory.forum().founded.rules
        return status(proposal, now, members=self.members(proposal.format, books), rules=rules)

    def members(self, format_: FormatCode, books: Set[BookId]) -> frozenset[DelegationCode]:
        """The delegations of a format whose proposals the reader reads."""
        found = self.memory.find(self.directory.stream_of("format", format_), books)
        assert found is not None, "whoever reads a proposal may know its format"
        assert isinstance(found.state, Format), "its stream bears its code"
        return frozenset(found.state.defined.members)

    async def facts(self, stream: StreamId, books: Set[BookId]) -> list[Recorded[Fact]]:
        """All facts of a stream up to now. Raises NotThereError where there are none for these books.

        No fact with an earlier time than the answer's can still be recorded: what it says of a moment is said for good.
        """
        return await self._facts(stream, books, await self.log.horizon())

    async def _facts(self, stream: StreamId, books: Set[BookId], horizon: Horizon) -> list[Recorded[Fact]]:
        facts = list(await self.log.stream(stream, books=books, reached=horizon.position))
        if not facts:
            raise NotThereError
        return facts

    async def seen(self, position: Mapping[BookId, int], books: Set[BookId], *views: str) -> int:
        """Wait until all of that position is here, in memory and in these views; a position of the record that holds it.

        A book that the reader may not read is not waited for: it is not there. Raises LaggingError after two seconds.
        """
        return await self._within(self._seen({book: index for book, index in position.items() if book in books}, views))

    async def _seen(self, position: Mapping[BookId, int], views: tuple[str, ...]) -> int:
        reached = [await self.follower.reached(book, index) for book, index in position.items()]
        if reached and views:
            await self.views.reached(max(reached), *views)
        return max(reached, default=0)

    async def listed_at(self, seen: int, view: str = "proposals", *, as_of: datetime | None = None) -> datetime:
        """The instant of ``listed``. Raises LaggingError."""
        return (await self.listed(seen, view, as_of=as_of)).at

    async def listed(self, seen: int, view: str = "proposals", *, as_of: datetime | None = None) -> Horizon:
        """The latest instant at which a view is known whole: nothing that it does not show was recorded before.

        With it the position that the view has reached for that.

        That is now, unless the views are behind; so a deadline that passes never shows what a slower objection undoes.
        Raises LaggingError where that instant lies before what the reader has seen, or before the moment that is asked about.
        """
        horizon = await self.log.horizon()
        # While much is recorded the views never reach the end of it: then what was the end a while ago is waited for, too.
        awaited = self._awaited.setdefault(view, horizon)
        with suppress(TimeoutError, ViewsBehindError):
            async with timeout(LIST_SECONDS):
                await self._list(view, awaited)
                await self._list(view, horizon)
        listed = self._listed.get(view, horizon)
        known = self._listed[view].at if view in self._listed else LONG_AGO
        if listed.position < seen or (as_of is not None and known < min(as_of, horizon.at)):
            raise LaggingError
        return listed

    async def _list(self, view: str, horizon: Horizon) -> None:
        """Wait until the view is known up to there."""
        await self.views.reached(horizon.position, view)
        if self._awaited.get(view) is horizon:
            del self._awaited[view]
        known = self._listed.get(view)
        if known is None or (known.at, known.position) < (horizon.at, horizon.position):  # of one instant the last
            self._listed[view] = horizon

    async def _within(self, waiting: Awaitable[T]) -> T:
        try:
            async with timeout(WAIT_SECONDS):
                return await waiting
        except TimeoutError:
            raise LaggingError from None

    def _is_past(self, deadline: datetime) -> bool:
        return self._horizon is not None and deadline <= self._horizon
