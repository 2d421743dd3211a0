"""Recorded votes of the General Assembly, loaded into a forum of their own by the commands that everybody uses.

Each session becomes an edition, each roll call a proposal with a sitting of its own, each vote a position. Every command
has a key derived from what it is about: an import that was interrupted goes on where it was, and a file that is loaded
already changes nothing. All that stands in the record is compared with the file before anything is added, so that two files
never mix.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from itertools import islice
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from application.acts.conferences import announce_edition, close_agenda, move_agenda, move_edition
from application.acts.forum import change_readers, issue_credential
from application.acts.proposals import on_proposal
from application.acts.tabling import table_proposal
from application.desk import ANY_STATE
from application.folds import Folded, State
from application.imports import founding
from application.imports.founding import ENGLISH, FORMAT, OtherForumError
from application.imports.roll_calls import RollCall, RollCalls, Vote
from application.imports.tallies import Became, Tally, became, tally
from application.memory import Memory, read
from application.ports import EventLog, KeyReused
from application.tracker import Request, Task, Tracker
from domain.conferences.agenda import Agenda, Sitting
from domain.conferences.commands import (
    AnnounceEdition,
    AppointChair,
    CloseAgenda,
    CloseEdition,
    ConveneSitting,
    MarkAttendance,
    OpenEdition,
)
from domain.conferences.edition import Edition
from domain.forum.commands import ConsentToReader, IssueCredential
from domain.forum.events import Audience, AudienceKind, Role
from domain.forum.forum import Format
from domain.identity import BookId, DelegationCode, EditionCode, PersonId, ProposalId, StreamId
from domain.kernel import Command
from domain.proposals.acts.closing import fitting_outcome
from domain.proposals.acts.tabling import EXTERNAL
from domain.proposals.commands import Conclude, ProposalCommand, PutToSitting, TableProposal, TakePosition
from domain.proposals.events import Stance
from domain.proposals.proposal import Proposal
from domain.text.provisions import ProvisionKind, Words

SESSIONS: Final = 32
"""How many sessions are loaded at a time: what waits together is flushed to disk together."""
WINDOW: Final = 16
"""How many roll calls of a session are voted on at a time. None is tabled meanwhile: a decision relies on the agenda."""

STANCES: Final = {Vote.YES: Stance.ENDORSE, Vote.ABSTAIN: Stance.ABSTAIN, Vote.NO: Stance.OBJECT}

S = TypeVar("S", bound=State)
T = TypeVar("T")


class OtherFileError(Exception):
    """The record holds what this file does not say: it was loaded from another."""


class Loaded(Struct, frozen=True):
    """What became of each edition, in order, and whether any of it is new."""

    tallies: dict[EditionCode, Tally]
    commands: int
    """How many commands were recorded this time: none where all of the file was loaded before."""


async def load(
    tracker: Tracker,
    log: EventLog,
    memory: Memory,
    roll_calls: RollCalls,
    *,
    members: Iterable[DelegationCode],
    progress: Callable[[int], None],
) -> Loaded:
    """Load a file into the forum that was founded for it, as far as it is not loaded yet.

    Votes of delegations that are no members are passed over. ``progress`` is told how many roll calls are loaded.
    Raises OtherForumError and OtherFileError, before anything is recorded; Busy.
    """
    loading = _Loading(tracker, log, memory, frozenset(members), progress)
    sessions = [_Session(edition_of(number), session) for number, session in roll_calls.sessions()]
    loading.check_editions(sessions)
    await each(sessions, loading.check, at_once=SESSIONS)
    await loading.take_seats()
    await each(sessions, loading.take_up, at_once=SESSIONS)
    return Loaded({session.edition: tally(session.became) for session in sessions}, loading.commands)


def edition_of(session: int) -> EditionCode:
    """The edition that a session becomes."""
    return EditionCode(f"unga-{session}")


class _Session(Struct):
    """A session on its way into the record."""

    edition: EditionCode
    roll_calls: Sequence[RollCall]
    left: list[tuple[int, RollCall]] = []
    """Those that are not loaded whole, each with the number of its sitting."""
    became: list[Became] = []
    """What became of the others."""


class _Loading:
    """One file on its way into the record."""

    def __init__(
        self,
        tracker: Tracker,
        log: EventLog,
        memory: Memory,
        members: frozenset[DelegationCode],
        progress: Callable[[int], None],
    ) -> None:
        self._tracker = tracker
        self._log = log
        self._memory = memory
        self._directory = tracker.directory
        self._members = members
        self._progress = progress
        self._loaded = 0
        self.commands = 0
        """How many were recorded."""
        self._host = self._directory.forum().founded.host
        self._importer = founding.importer(self._host)
        self._heads = {code: founding.head(self._host, code) for code in members}
        self._check_forum()

    def _check_forum(self) -> None:
        folded = self._memory.find(self._directory.stream_of("format", FORMAT), self._directory.public_books())
        if self._directory.forum().founded.kind != "import" or folded is None:
            raise OtherForumError("this forum was not founded by an import of recorded votes")
        assert isinstance(folded.state, Format), "its stream bears its code"
        if frozenset(sitting := folded.state.defined.members) != self._members:
            raise OtherForumError(f"the delegations of this forum are {', '.join(sitting)}")

    # What is there already

    def check_editions(self, sessions: Sequence[_Session]) -> None:
        """Refuse a record of sessions that the file does not have, or that met on other days."""
        days = {one.edition: (one.roll_calls[0].date, one.roll_calls[-1].date) for one in sessions}
        for _, _, edition in self._memory.everything(Edition):
            code = edition.announced.code
            if code not in days:
                raise OtherFileError(f"the record holds {code}, of which this file has nothing")
            if (edition.starts_on, edition.ends_on) != days[code]:
                raise OtherFileError(f"{code} stands in the record from {edition.starts_on} to {edition.ends_on}")

    async def check(self, session: _Session) -> None:
        """See what of a session is recorded, and refuse what the file does not say."""
        agenda = await self._find(self._directory.stream_of("agenda", FORMAT, session.edition), Agenda)
        if agenda is not None:
            self._check_beginning(agenda, session.roll_calls)
        tabled = len(agenda.proposals) if agenda else 0
        for sitting, roll_call in enumerate(session.roll_calls, 1):
            proposal = await self._as_recorded(roll_call) if sitting <= tabled else None
            if proposal is not None and proposal.is_closed:
                session.became.append(became(proposal))
            else:
                session.left.append((sitting, roll_call))
        self._advance(len(session.became))

    def _check_beginning(self, agenda: Agenda, session: Sequence[RollCall]) -> None:
        """Refuse an agenda that is not how this session begins; one that is closed, if it is not all of it."""
        tabled = tuple(agenda.proposals)
        expected = session if agenda.closed else session[: len(tabled)]
        same = tabled == tuple(self._proposal(roll_call) for roll_call in expected)
        sittings = zip(agenda.sittings, session, strict=False)  # a sitting too many is one that the file has not
        met = len(agenda.sittings) <= len(session) and all(self._has_met(*one) for one in sittings)
        if not same or not met:
            raise OtherFileError(f"{agenda.edition} holds other roll calls than this file")

    def _has_met(self, sitting: Sitting, roll_call: RollCall) -> bool:
        """Whether the sitting is the roll call's. Who was there may not be marked yet."""
        there = sitting.present or self._votes(roll_call).keys()
        return sitting.held_on == roll_call.date and there == self._votes(roll_call).keys()

    # The forum

    async def take_seats(self) -> None:
        """Give each delegation its import credential, and the auditor the books of all."""
        await each(sorted(self._members), self._take_seat, at_once=SESSIONS)

    async def _take_seat(self, delegation: DelegationCode) -> None:
        head = self._heads[delegation]
        issue = IssueCredential(head, Role.HEAD, notice="import")
        await self._do(issue_credential(self._directory, delegation, issue), issue, "credential", delegation)
        consent = ConsentToReader(founding.auditor(self._host))
        for audience in (
            Audience(AudienceKind.FORUM),
            Audience(AudienceKind.FORMAT, FORMAT, tuple(sorted(self._members))),
        ):
            book = self._directory.book_of(audience)
            assert book is not None, "a founding opens it"
            task = change_readers(self._directory, book.book, consent)
            await self._do(task, consent, "consent", audience.kind, delegation, person=head)

    # A session

    async def take_up(self, session: _Session) -> None:
        """Load what is left of a session, and close its edition."""
        await self._open(session.edition, session.roll_calls)
        for window in _windows(session.left):
            session.became.extend(await self._load(session.edition, window))
        await self._close(session.edition, session.roll_calls[-1].date)

    def _advance(self, roll_calls: int) -> None:
        self._loaded += roll_calls
        self._progress(self._loaded)

    async def _open(self, edition: EditionCode, session: Sequence[RollCall]) -> None:
        first, last = session[0], session[-1]
        theme = {ENGLISH: f"Session {first.session} of the UN General Assembly"}
        announce = AnnounceEdition(edition, first.date.year, first.date, last.date, "", theme)  # no file says where it met
        await self._do(announce_edition(self._directory, announce), announce, "announce", edition, on=first.date)
        open_ = OpenEdition()
        await self._do(move_edition(self._directory, edition, open_), open_, "open", edition, on=first.date)
        await self._on_agenda(edition, AppointChair(self._importer), "chair", edition, on=first.date)

    async def _close(self, edition: EditionCode, last: date) -> None:
        task = close_agenda(self._directory, edition, FORMAT, CloseAgenda())
        await self._do(task, CloseAgenda(), "close-agenda", edition, on=last)
        close = CloseEdition()
        await self._do(move_edition(self._directory, edition, close), close, "close", edition, on=last)

    # A roll call

    async def _load(self, edition: EditionCode, window: Sequence[tuple[int, RollCall]]) -> list[Became]:
        """Table some, then have all of them voted on; what became of them."""
        for sitting, roll_call in window:
            await self._table(edition, sitting, roll_call)
        await each(window, self._vote_and_decide, at_once=WINDOW)
        self._advance(len(window))
        return [became(await self._as_recorded(roll_call)) for _, roll_call in window]

    async def _table(self, edition: EditionCode, sitting: int, roll_call: RollCall) -> None:
        """Meet, see who is there, and put the text on the table. Sittings are numbered as the roll calls come."""
        rcid, on = str(roll_call.rcid), roll_call.date
        await self._on_agenda(edition, ConveneSitting(on, "on-record"), "convene", rcid, on=on)
        present = MarkAttendance(sitting, tuple(self._votes(roll_call)))
        await self._on_agenda(edition, present, "attendance", rcid, on=on)
        table = TableProposal(EXTERNAL, ENGLISH, (Words(ProvisionKind.TITLE, {ENGLISH: roll_call.symbol}),))
        task = table_proposal(self._directory, edition, FORMAT, table, self._proposal(roll_call))
        await self._do(task, table, "table", rcid, on=on)

    async def _vote_and_decide(self, numbered: tuple[int, RollCall]) -> None:
        """Take the positions; decide if everybody took one; record what becomes of a text that is not adopted."""
        sitting, roll_call = numbered
        votes = self._votes(roll_call)
        for delegation, vote in votes.items():
            position = TakePosition(0, STANCES[vote], undisclosed=vote is Vote.NO)
            await self._on_proposal(roll_call, position, "position", delegation, person=self._heads[delegation])
        if len(votes) == len(self._members):
            await self._on_proposal(roll_call, PutToSitting(sitting, 0), "decision")
        proposal = await self._as_recorded(roll_call)
        if not proposal.is_closed:
            await self._on_proposal(roll_call, Conclude(fitting_outcome(proposal)), "conclusion")

    def _votes(self, roll_call: RollCall) -> dict[DelegationCode, Vote]:
        """The votes of the members."""
        return {code: vote for code, vote in roll_call.votes.items() if code in self._members}

    def _proposal(self, roll_call: RollCall) -> ProposalId:
        return ProposalId(self._directory.stream_of("roll-call", str(roll_call.rcid)))

    async def _as_recorded(self, roll_call: RollCall) -> Proposal:
        """The proposal that it became, as far as it is recorded. Raises OtherFileError where the file says otherwise."""
        proposal = await self._find(StreamId(self._proposal(roll_call)), Proposal)
        assert proposal is not None, "it was tabled"
        held = {code: position.stance for code, position in proposal.positions.items()}
        said = {code: STANCES[vote] for code, vote in self._votes(roll_call).items()}
        same = held == said if proposal.is_closed else held.items() <= said.items()
        if not same or proposal.current.provisions[0].text != {ENGLISH: roll_call.symbol}:
            raise OtherFileError(f"roll call {roll_call.rcid} stands in the record otherwise than in this file")
        return proposal

    # The record

    async def _on_agenda(
        self, edition: EditionCode, command: AppointChair | ConveneSitting | MarkAttendance, *about: str, on: date
    ) -> None:
        await self._do(move_agenda(self._directory, edition, FORMAT, command), command, *about, on=on)

    async def _on_proposal(
        self, roll_call: RollCall, command: ProposalCommand, *about: str, person: PersonId | None = None
    ) -> None:
        task = on_proposal(self._proposal(roll_call), command, unconditional=True)
        await self._do(task, command, *about, str(roll_call.rcid), person=person, on=roll_call.date)

    async def _do(
        self, task: Task, command: Command, *about: str, person: PersonId | None = None, on: date | None = None
    ) -> None:
        """Have it recorded, unless it is, and remembered. ``about`` tells it from every other command of the import."""
        request = Request(
            person or self._importer,
            key=sha256("\0".join(("accord/import/unga/v1", *about)).encode()).digest()[:16],
            digest=sha256(msgspec.json.encode(command)).digest(),
            effective=None if on is None else datetime.combine(on, time.min, UTC),
            if_match=frozenset({ANY_STATE}),
        )
        try:
            receipt = await self._tracker.execute(task, request)
        except KeyReused:
            raise OtherFileError(f"{' '.join(about)} stands in the record otherwise than in this file") from None
        if receipt.repeated:
            for stream in {mark.stream for mark in receipt.marks}:
                await self._catch_up(stream)
        else:
            self.commands += 1

    async def _find(self, stream: StreamId, kind: type[S]) -> S | None:
        """A stream as it is remembered, else from the record."""
        folded = self._memory.find(stream, self._books) or await self._catch_up(stream)
        return folded.state if folded is not None and isinstance(folded.state, kind) else None

    async def _catch_up(self, stream: StreamId) -> Folded | None:
        """Remember all that the record has of a stream: the end of it may have been on its way when an import was killed."""
        return await read(self._log, self._memory, stream, self._books)

    @property
    def _books(self) -> frozenset[BookId]:
        return self._directory.person(self._importer, self._tracker.clock.now())[1]


def _windows(numbered: Iterable[tuple[int, RollCall]]) -> Iterator[list[tuple[int, RollCall]]]:
    """So many at a time, in order."""
    left = iter(numbered)
    while window := list(islice(left, WINDOW)):
        yield window


async def each(things: Iterable[T], act: Callable[[T], Awaitable[None]], *, at_once: int) -> None:
    """Act on each thing, on so many at once. The first failure ends the others."""
    left = iter(things)

    async def work() -> None:
        for thing in left:
            await act(thing)

    workers = [asyncio.create_task(work()) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
