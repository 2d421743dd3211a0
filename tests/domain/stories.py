"""The life of a proposal as chance has it: commands that may be refused, at times that lie where it hurts.

Each command names mostly what is there and comes mostly from whom it may, so that most lives get somewhere; the rest is
what people send by mistake.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from msgspec import Struct
from msgspec.structs import replace

from domain.identity import AgreementId, DelegationCode, EditionCode
from domain.kernel import Decision, Fact, Recorded, Refusal
from domain.proposals.acts.on_behalf import GivenAct
from domain.proposals.acts.tabling import table
from domain.proposals.circumstances import Circumstances, Tabling
from domain.proposals.commands import (
    AcknowledgeReceipt,
    CancelSilence,
    CertifyChanges,
    Conclude,
    Confirm,
    ConfirmGiven,
    Contest,
    Decline,
    Defer,
    DisownGiven,
    EndSponsorship,
    ExtendSilence,
    HandPen,
    Issue,
    JoinStatement,
    Lift,
    MakeStatement,
    OpenSilence,
    ProposalCommand,
    PutToSitting,
    Reaffirm,
    RecordFallenAway,
    RecordOnBehalf,
    RecordSilenceEnd,
    Revise,
    SetAside,
    Sponsor,
    TableProposal,
    TakePosition,
    TakeUp,
    Withdraw,
)
from domain.proposals.decide import decide
from domain.proposals.events import Change, Outcome, Stance, StatementKind
from domain.proposals.proposal import Adopted, Proposal, UnderSilence, evolve, fold, next_change, settle
from domain.rules import Rules
from domain.text.provisions import ProvisionKind, Words
from tests.domain.cast import CHN, EDITION, EN, JA, JPN, KINDS, KOR, LANGUAGES, MEMBERS, P1, PLENARY, PROPOSAL, RUS, USA, an_id
from tests.domain.scenario import MOMENT, at, hours, recorded

START: Final = at("09:00")
SOON: Final = (MOMENT, timedelta(minutes=1), hours(0.4))
LATER: Final = (hours(13), hours(25), hours(73), hours(31 * 24))
YEARS: Final = tuple(map(EditionCode, ("2024", "2025", "2026")))
EVERYBODY: Final = (JPN, USA, CHN, KOR)
TURNS: Final[tuple[tuple[type[ProposalCommand], ...], ...]] = (
    (SetAside,),
    (ConfirmGiven, DisownGiven),
    (Contest, CertifyChanges),
    (Confirm, Decline),
    (Lift, Reaffirm),
    (ExtendSilence, RecordSilenceEnd, AcknowledgeReceipt, CancelSilence),
    (TakeUp,),
    (TakePosition,),
    (SetAside,),
    (RecordOnBehalf,),
    (Revise,),
    (Conclude, Defer, Issue, Withdraw),
    (OpenSilence,),
    (TakeUp,),
    (Revise,),
    (MakeStatement, JoinStatement),
    (RecordFallenAway,),
    (PutToSitting,),
    (Sponsor, EndSponsorship, HandPen),
    (SetAside,),
    (RecordOnBehalf,),
    (Revise,),
    (OpenSilence,),
    (TakePosition,),
    (PutToSitting,),
    (Revise,),
)
"""Tried in turn from somewhere on, until something is possible: what is seldom possible comes first."""

Asked = tuple[ProposalCommand, DelegationCode | None]
"""A command and the delegation that sends it, or (None) the chair."""


class Step(Struct, frozen=True):
    """A command, on what, and what came of it."""

    before: Proposal
    command: ProposalCommand
    around: Circumstances
    answer: Decision | Refusal
    after: Proposal

    @classmethod
    def taken(cls, before: Proposal, command: ProposalCommand, around: Circumstances) -> "Step":
        """Ask, and record what is answered."""
        try:
            answer = decide(before, command, around)
        except Refusal as refusal:
            return cls(before, command, around, refusal, before)
        after = before
        for fact in answer.facts:
            evolved = evolve(after, recorded(fact, around.now))
            assert evolved is not None
            after = evolved
        return cls(before, command, around, answer, after)

    @property
    def settled(self) -> Proposal:
        """What it was decided on."""
        return settle(self.before, self.around.now)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What was recorded."""
        return self.answer.facts if isinstance(self.answer, Decision) else ()


class Story(Struct, frozen=True):
    """A life: what was asked, and what the record keeps of it."""

    rules: Rules
    record: tuple[Recorded[Fact], ...]
    steps: tuple[Step, ...]

    @property
    def proposal(self) -> Proposal:
        """The proposal in the end."""
        proposal = fold(self.record)
        assert proposal is not None
        return proposal

    def states(self) -> list[Proposal]:
        """The proposal after each of its facts."""
        states: list[Proposal] = []
        proposal: Proposal | None = None
        for fact in self.record:
            proposal = evolve(proposal, fact)
            assert proposal is not None
            states.append(proposal)
        return states

    def moments(self) -> list[datetime]:
        """The instants at which something may change, and those beside them."""
        known = {fact.at for fact in self.record}
        for state in self.states():
            known |= {due for position in state.positions.values() if (due := position.due)}
            known |= {state.phase.deadline} if isinstance(state.phase, UnderSilence) else set()
        return sorted({instant + beside for instant in known for beside in (-MOMENT, MOMENT * 0, MOMENT)})


@st.composite
def stories(draw: DrawFn) -> Story:
    """A life, and what is asked of it for a while after its end."""
    rules = draw(_rules)
    record = [_tabled(draw, rules)]
    steps: list[Step] = []
    now, before = START, fold(record)
    length, after_its_end = draw(st.sampled_from((1, 16, 16, 16))), 3
    while before is not None and length and after_its_end:
        now = draw(_later(before, now))
        step = _next(draw, before, now, rules)
        record.extend([recorded(fact, now, index=index) for index, fact in enumerate(step.facts, len(record))])
        steps.append(step)
        before, length, after_its_end = step.after, length - 1, after_its_end - step.settled.is_closed
    return Story(rules, tuple(record), tuple(steps))


def _next(draw: DrawFn, before: Proposal, now: datetime, rules: Rules) -> Step:
    """Mostly something that is not refused; else anything, by anybody, anywhere."""
    around = Circumstances(now, rules, MEMBERS, LANGUAGES, present=MEMBERS, fresh_agreement=AgreementId(an_id(str(now))))
    settled = settle(before, now)
    asked = list(_asked(settled, now))
    if draw(st.integers(0, 4)):
        first = draw(st.integers(0, len(TURNS) - 1))
        for kinds in (*TURNS[first:], *TURNS[:first]):
            steps = [Step.taken(before, c, _knowing(around, settled, c, by)) for c, by in asked if type(c) in kinds]
            if accepted := [step for step in steps if step.facts]:
                return draw(st.sampled_from(accepted))
    kind = draw(st.sampled_from(sorted({type(command) for command, _ in asked}, key=str)))
    command = draw(st.sampled_from([command for command, _ in asked if type(command) is kind]))
    by = draw(st.sampled_from((*EVERYBODY, RUS, None)))
    elsewhere = (
        around,
        replace(around, present=MEMBERS - {KOR}),
        replace(around, edition_takes_proposals=False),
        replace(around, agenda_closed=True),
    )
    return Step.taken(before, command, _knowing(draw(st.sampled_from(elsewhere)), settled, command, by))


def _knowing(around: Circumstances, settled: Proposal, command: ProposalCommand, by: DelegationCode | None) -> Circumstances:
    named = command.edition if isinstance(command, Defer | TakeUp) else None
    return replace(around, delegation=by, edition_named_is_later=named is None or named > settled.edition)


_rules = st.builds(
    Rules,
    notice=st.sampled_from((0, 24 * 3600)),
    silence_between_meetings=st.sampled_from((3600, 72 * 3600)),
    languages_for_silence=st.sampled_from((1, 1, 1, 2)),
    editorial_certification=st.booleans(),
)


def _tabled(draw: DrawFn, rules: Rules) -> Recorded[Fact]:
    by = draw(st.sampled_from((*EVERYBODY, None)))
    text = (Words(ProvisionKind.TITLE, {EN: "Title", JA: "題"}), *draw(st.lists(_new, min_size=2, max_size=3)))
    kind = "chairs-statement" if by is None else KINDS[0]
    tabling = Tabling(PROPOSAL, "P24-01", PLENARY, EDITION, KINDS)
    around = Circumstances(START, rules, MEMBERS, LANGUAGES, by)
    decision = table(TableProposal(kind, EN, text), around, tabling)
    return recorded(decision.facts[0], START)


_new = st.builds(
    Words,
    st.sampled_from((ProvisionKind.PREAMBLE, ProvisionKind.OPERATIVE)),
    st.fixed_dictionaries({EN: st.sampled_from(("a", "b", "c"))}, optional={JA: st.sampled_from(("い", "ろ"))}),
)


def _later(proposal: Proposal, now: datetime) -> st.SearchStrategy[datetime]:
    change = next_change(proposal, now)
    beside = [] if change is None else [change - MOMENT, change, change + MOMENT]
    soon, later = [now + gap for gap in SOON], [now + gap for gap in LATER]
    beside = [instant for instant in beside if instant >= now]
    return st.sampled_from(soon * 4 + beside * 2 + later if isinstance(proposal.phase, UnderSilence) else soon + later + beside)


def _asked(proposal: Proposal, now: datetime) -> Iterator[Asked]:
    """All that might be said at this moment, by whom it would be for; and a little that would not."""
    revision = proposal.current.number
    holder = None if proposal.chair_holds_pen else proposal.main_sponsor
    for number in (revision, revision - 1):
        yield from ((command, None) for command in _of_the_chair(proposal, number, now))
        yield from ((command, by) for by in EVERYBODY for command in _of_a_delegation(number, now))
        yield from ((command, holder) for command in _revisions(proposal, number))
        yield from ((command, None) for command in _on_behalf(proposal, number, now))
        yield from ((command, by) for by in EVERYBODY for command in _statements(proposal, number))
    yield from ((RecordFallenAway(code, one.due), None) for code, one in proposal.positions.items() if one.due)
    yield from ((command, proposal.main_sponsor) for command in (Withdraw(), HandPen("chair"), HandPen("sponsor")))


def _of_the_chair(proposal: Proposal, number: int, now: datetime) -> Iterator[ProposalCommand]:
    last = proposal.phase.deadline if isinstance(proposal.phase, UnderSilence) else now
    yield from (CertifyChanges(number), CancelSilence(number), RecordSilenceEnd())
    yield from (PutToSitting(1, number), PutToSitting(1, number, notice_waived=True))
    yield from (OpenSilence(number, now + hours(later)) for later in (0.5, 1, 72, 100))
    yield from (ExtendSilence(number, last + hours(later)) for later in (-1, 0, 1, 72))
    yield from map(Conclude, Outcome)
    yield from (SetAside(reason="why"), Issue(number), Defer(), *map(Defer, YEARS), *map(TakeUp, YEARS))


def _of_a_delegation(number: int, now: datetime) -> Iterator[ProposalCommand]:
    yield from (Sponsor(), EndSponsorship(), AcknowledgeReceipt(number))
    yield from (Reaffirm(number), Contest(number), Contest(number, "why"), Lift(number), Confirm(number), Decline(number))
    yield from (ConfirmGiven(number), DisownGiven(number))
    yield from (TakePosition(number, stance) for stance in Stance)
    yield from (
        TakePosition(number, stance, now + hours(due))
        for stance in (Stance.AD_REFERENDUM, Stance.RESERVE)
        for due in (0, 1, 80, 800)
    )
    yield TakePosition(number, Stance.WITH_RESERVATION, reservation="but")
    yield from (TakePosition(number, Stance.OBJECT, reason="why"), TakePosition(number, Stance.OBJECT, undisclosed=True))


def _on_behalf(proposal: Proposal, number: int, now: datetime) -> Iterator[RecordOnBehalf]:
    """What each delegation may have given, received now or before: of an adoption, at it and just before."""
    ended = proposal.phase.at if isinstance(proposal.phase, Adopted) else now
    for delegation in EVERYBODY:
        yield from (RecordOnBehalf(delegation, act, "Letter", ended - MOMENT) for act in _given(number, now))
        yield from (RecordOnBehalf(delegation, act, "Letter", ended) for act in _given(number, now)[:2])
        yield RecordOnBehalf(delegation, TakePosition(number, Stance.ENDORSE), "Said in the room")


def _given(number: int, now: datetime) -> tuple[GivenAct, ...]:
    return (
        TakePosition(number, Stance.OBJECT, reason="why"),
        TakePosition(number, Stance.OBJECT),
        TakePosition(number, Stance.WITH_RESERVATION, reservation="but"),
        *(TakePosition(number, stance, now + hours(80)) for stance in (Stance.AD_REFERENDUM, Stance.RESERVE)),
        TakePosition(number, Stance.RESERVE),
        TakePosition(number, Stance.ABSTAIN, reason="why"),
        *(act(number) for act in (Reaffirm, Contest, Lift, Confirm, Decline)),
    )


def _statements(proposal: Proposal, number: int) -> Iterator[ProposalCommand]:
    last = proposal.current.provisions[-1].id
    yield from (MakeStatement(kind, number, {EN: "As we read it"}, last, (KOR, USA)) for kind in StatementKind)
    yield MakeStatement(StatementKind.EXPLANATION, number, {EN: "Why"})
    yield from (JoinStatement(statement) for statement in range(len(proposal.statements) + 2))


def _revisions(proposal: Proposal, base: int) -> Iterator[Revise]:
    """The text shorter, longer, reworded with each mark, unchanged, doubled, moved."""
    title, *rest = (Words(part.kind, part.text, part.id) for part in proposal.current.provisions)
    longer = Words(ProvisionKind.OPERATIVE, {EN: "new", JA: "新"})
    yield Revise(base, (title, *rest[1:]))
    yield Revise(base, (title, *rest, longer), reason="why")
    yield Revise(base, (title, Words(ProvisionKind.PREAMBLE, {EN: "new"}), *rest[:-1]))
    for mark in (Change.LANGUAGE, Change.EDITORIAL):
        yield Revise(base, (_reworded(title, mark, base), *rest), {P1: mark})
    yield Revise(base, (title, *rest))
    yield Revise(base, (_reworded(title, Change.LANGUAGE, base), *rest, *rest[:1]), {P1: Change.LANGUAGE})
    for part in rest[:1]:
        assert part.id is not None
        yield Revise(base, (title, *rest[1:], part), {part.id: Change.EDITORIAL})
        for mark in Change:
            yield Revise(base, (title, _reworded(part, mark, base), *rest[1:]), {part.id: mark})


def _reworded(part: Words, mark: Change, base: int) -> Words:
    language = JA if mark is Change.LANGUAGE else EN
    return replace(part, text={**part.text, language: f"{mark.value} {base + 1}"})
