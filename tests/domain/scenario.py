"""A test in three clauses: given facts, when a command, then facts or a refusal.

    given(tabled(), at("12:00"), endorsed(USA)).when(Lift(0), by=CHN).refused(NoObjectionStands, delegation="CHN")

Facts are recorded a minute apart from 09:00 on, each in the stream of its room (the first word of its tag); an instant
among them sets the record's clock. A command comes an hour after them, or ``at`` an instant; an act without a command is a
function of the state. ``then`` records the facts, so that another ``when`` may follow.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import pytest
from msgspec import Struct
from msgspec.structs import replace

from domain.conferences.agenda import Agenda, change_agenda, evolve_agenda
from domain.conferences.commands import (
    AnnounceEdition,
    AppointChair,
    CancelEdition,
    CloseAgenda,
    CloseEdition,
    ConveneSitting,
    MarkAttendance,
    OpenEdition,
    PostponeEdition,
)
from domain.conferences.edition import Edition, announce, change_edition, evolve_edition
from domain.drafts.commands import DiscardDraft, ShareDraft, TableDraft, WriteDraft
from domain.drafts.draft import Draft, begin, close, evolve_draft, rewrite, share
from domain.drafts.events import DraftEnd
from domain.epochs.epochs import evolve_epochs, evolve_slot
from domain.erasures.commands import ApproveErasure, AskErasure
from domain.erasures.erasure import Erasures, approve, ask, evolve_erasures
from domain.forum import decide as forum
from domain.forum.commands import (
    AdmitDelegation,
    AppointSecretary,
    ConsentToReader,
    DefineFormat,
    EndCredential,
    EndKey,
    EndReader,
    EndSecretary,
    FoundForum,
    IssueCredential,
    RegisterKey,
)
from domain.forum.forum import Format, Forum, Letter, evolve_format, evolve_forum, evolve_letter
from domain.forum.keys import Keys, evolve_keys
from domain.forum.people import (
    Book,
    Credentials,
    Secretariat,
    evolve_book,
    evolve_credentials,
    evolve_secretariat,
)
from domain.identity import BookId, CommandId, DelegationCode, StreamId
from domain.kernel import Command, Decision, Fact, Recorded, Refusal
from domain.prepared.prepared import PrepareAct, evolve_prepared, prepare
from domain.proposals.acts.closing import close_with_agenda
from domain.proposals.acts.tabling import table
from domain.proposals.circumstances import Circumstances, Tabling
from domain.proposals.commands import ProposalCommand, TableProposal
from domain.proposals.decide import decide
from domain.proposals.events import Stance
from domain.proposals.proposal import Proposal, evolve, settle
from domain.proposals.standing import Hold, standings
from domain.releases.release import evolve_release
from domain.rules import Rules
from tests.domain.cast import AGREEMENT, EDITION, FIRST, KINDS, LANGUAGES, MEMBERS, PLENARY, PROPOSAL, RELEASE, an_id

S = TypeVar("S")
Answer = Decision | Fact | tuple[Fact, ...] | None

MOMENT: Final = timedelta(microseconds=1)
"""The least that the record's clock tells apart."""

EVOLVE: Final[dict[str, Callable[[Any, Recorded[Fact]], object]]] = {
    "agenda": evolve_agenda,
    "book": evolve_book,
    "credential": evolve_credentials,
    "delegation": evolve_keys,
    "draft": evolve_draft,
    "edition": evolve_edition,
    "erasure": evolve_erasures,
    "epoch": evolve_epochs,
    "format": evolve_format,
    "forum": evolve_forum,
    "letter": evolve_letter,
    "prepared": evolve_prepared,
    "proposal": evolve,
    "release": evolve_release,
    "secretariat": evolve_secretariat,
    "slot": evolve_slot,
}


def at(clock: str, *, day: int = 1) -> datetime:
    """An instant on a day of the story, in UTC: ``at("10:00", day=3)``."""
    hour, minute = clock.split(":")
    return datetime(2024, 9, 30, int(hour), int(minute), tzinfo=UTC) + timedelta(days=day)


def hours(count: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=count)


class Asked(Struct, frozen=True):
    """A command, and all that surrounds it."""

    given: "Given"
    command: Command | Callable[[Any], Answer]
    now: datetime
    by: DelegationCode | None
    more: dict[str, Any]

    def then(self, *facts: Fact) -> "Given":
        """It comes to just these facts, which are recorded."""
        decision = self._decision()
        assert decision.facts == facts
        return replace(self.given.recording(facts, self.now), until=decision.until)

    def refused(self, refusal: type[Refusal], **values: object) -> "Given":
        """It is refused, with just these values."""
        with pytest.raises(refusal) as raised:
            self._decision()
        assert type(raised.value) is refusal
        assert raised.value.values() == values
        return self.given

    def _decision(self) -> Decision:
        match self._answer():
            case Decision() as decision:
                return decision
            case Fact() as fact:
                return Decision((fact,))
            case None:
                return Decision()
            case facts:
                return Decision(facts)

    def _answer(self) -> Answer:  # noqa: C901, PLR0912  one case a command
        find, state, command = self.given.find, self.given.state, self.command
        match command:
            case FoundForum():
                return forum.found(command, find(Forum))
            case AdmitDelegation():
                return forum.admit(state(Forum), command)
            case DefineFormat():
                return forum.define(state(Forum), find(Format), find(Letter), command)
            case IssueCredential():
                return self._issue(command)
            case EndCredential():
                credentials = state(Credentials)
                return forum.end_credential(credentials.delegation, credentials, command, now=self.now)
            case RegisterKey():
                return forum.register_key(self._delegation, filter(None, [find(Keys)]), command)
            case EndKey():
                return forum.end_key(state(Keys), command)
            case AppointSecretary():
                return forum.appoint_secretary(state(Secretariat), command)
            case EndSecretary():
                return forum.end_secretary(state(Secretariat), command)
            case ConsentToReader(person=person):
                return forum.consent_to_reader(state(Book), person, self._delegation)
            case EndReader(person=person):
                return forum.end_reader(state(Book), person, self._delegation)
            case AnnounceEdition():
                return announce(find(Edition), command)
            case OpenEdition() | CloseEdition() | PostponeEdition() | CancelEdition():
                return change_edition(state(Edition), command)
            case AppointChair() | ConveneSitting() | MarkAttendance():
                return change_agenda(state(Agenda), command, MEMBERS)
            case CloseAgenda():
                return close_with_agenda(self.given.proposal(self.now))
            case WriteDraft():
                draft = find(Draft)
                return rewrite(draft, command) if draft else begin(command, [self._delegation])
            case ShareDraft():
                return share(state(Draft), command)
            case DiscardDraft():
                return close(state(Draft), DraftEnd.DISCARDED)
            case TableDraft():
                return close(state(Draft), DraftEnd.TABLED, PROPOSAL)
            case PrepareAct():
                return prepare(self._delegation, command)
            case AskErasure():
                return ask(find(Erasures), command, self.given.standing, delegation=self.by, members=MEMBERS)
            case ApproveErasure():
                by = self._delegation
                return approve(find(Erasures), command, self.given.standing, delegation=by, members=MEMBERS)
            case TableProposal():
                return self._table(command)
            case Command():
                assert isinstance(command, ProposalCommand)
                return decide(state(Proposal), command, self._around)
            case act:
                return act(self.given.last)

    def _table(self, command: TableProposal) -> Decision:
        more = dict(self.more)
        is_import, before = bool(more.pop("is_import", False)), self.given.find(Proposal)
        tabling = Tabling(PROPOSAL, "P24-01", PLENARY, EDITION, KINDS, is_import=is_import, predecessor=before)
        return table(command, replace(self, more=more)._around, tabling)

    def _issue(self, command: IssueCredential) -> Decision:
        credentials = self.given.find(Credentials) or Credentials(self._delegation)
        by_secretary = bool(self.more.get("by_secretary"))
        return forum.issue_credential(
            self._delegation, credentials, command, credential=FIRST, by_secretary=by_secretary, now=self.now
        )

    @property
    def _delegation(self) -> DelegationCode:
        assert self.by is not None, "say by whom"
        return self.by

    @property
    def _around(self) -> Circumstances:
        usual = Circumstances(
            now=self.now,
            rules=Rules(),
            members=MEMBERS,
            languages=LANGUAGES,
            delegation=self.by,
            fresh_agreement=AGREEMENT,
            fresh_release=RELEASE,
        )
        return replace(usual, **self.more)


class Given(Struct, frozen=True):
    """What the record holds, room by room, and what it says."""

    record: tuple[Recorded[Fact], ...] = ()
    clock: datetime = at("08:59")
    until: datetime | None = None
    """Until when the last decision stood."""

    def when(
        self,
        command: Command | Callable[[Any], Answer],
        *,
        by: DelegationCode | None = None,
        at: datetime | None = None,
        **circumstances: object,
    ) -> Asked:
        """Somebody asks: a delegation, or (None) the chair."""
        return Asked(self, command, at or self.clock + hours(1), by, circumstances)

    def recording(self, facts: tuple[Fact, ...], now: datetime) -> "Given":
        """With these facts, all at this instant, as those of one command are."""
        record = self.record
        for fact in facts:
            record = (*record, recorded(fact, now, index=len(record)))
        return replace(self, record=record, clock=now)

    @property
    def last(self) -> object:
        """The state of the room of the last fact."""
        return self._states()[room_of(self.record[-1].fact)]

    @property
    def standing(self) -> dict[int, Fact]:
        """By index, what stands in the book."""
        return {recorded.index: recorded.fact for recorded in self.record}

    def find(self, kind: type[S]) -> S | None:
        """The state of this kind, if there is one."""
        return next((state for state in self._states().values() if isinstance(state, kind)), None)

    def state(self, kind: type[S]) -> S:
        """The state of this kind."""
        found = self.find(kind)
        assert found is not None, f"nothing given makes a {kind.__name__}"
        return found

    def proposal(self, now: datetime | None = None) -> Proposal:
        """The proposal as it is at an instant, after all that was recorded."""
        return settle(self.state(Proposal), now or self.clock)

    def holds(self, now: datetime | None = None, *, certification: bool = True) -> dict[DelegationCode, tuple[Stance, Hold]]:
        """Every position, and how it holds at an instant."""
        held = standings(self.state(Proposal), now or self.clock, certification=certification)
        return {code: (standing.stance, standing.hold) for code, standing in held.items()}

    def _states(self) -> dict[str, object]:
        states: dict[str, object] = {}
        for fact in self.record:
            room = room_of(fact.fact)
            states[room] = EVOLVE[room](states.get(room), fact)
        return states


def given(*story: Fact | datetime) -> Given:
    """The record holds these facts, a minute apart; an instant among them sets the clock for the next."""
    so_far = Given()
    for part in story:
        match part:
            case datetime():
                so_far = replace(so_far, clock=part - timedelta(minutes=1))
            case fact:
                so_far = so_far.recording((fact,), so_far.clock + timedelta(minutes=1))
    return so_far


def room_of(fact: Fact) -> str:
    """The room whose fact it is."""
    return fact.tag.partition(".")[0]


def recorded(fact: Fact, now: datetime, *, index: int = 0) -> Recorded[Fact]:
    """A fact as the record keeps it, in the one stream and book of its room."""
    return Recorded(
        fact=fact,
        stream=StreamId(an_id(room_of(fact))),
        version=index + 1,
        book=BookId(an_id("book")),
        index=index,
        at=now,
        command=CommandId(an_id("command")),
    )
