"""What holds whatever people do, and whatever the record says."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from msgspec.structs import replace

from domain.identity import BookId, CommandId, DelegationCode, ProposalId, StreamId
from domain.kernel import Command, Decision, Erasable, Fact, Recorded, Refusal, Withheld
from domain.proposals.acts import moving
from domain.proposals.acts.checks import CHAIRS_STATEMENT
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import (
    AcknowledgeReceipt,
    CancelSilence,
    Confirm,
    ConfirmGiven,
    Decline,
    DisownGiven,
    ExtendSilence,
    JoinStatement,
    MakeStatement,
    OpenSilence,
    PutToSitting,
    RecordFallenAway,
    RecordOnBehalf,
    SetAside,
    Split,
    TakePosition,
    TakeUp,
    Withdraw,
)
from domain.proposals.decide import decide
from domain.proposals.events import (
    AdoptionSetAside,
    Given,
    GivenActConfirmed,
    GivenActDisowned,
    ObjectionCameLate,
    ObjectionLifted,
    Outcome,
    PositionConfirmed,
    PositionContested,
    PositionDeclined,
    PositionFellAway,
    PositionReaffirmed,
    PositionTaken,
    ProposalConcluded,
    ProposalDeferred,
    ProposalTabled,
    ProposalTakenUp,
    PutToDecision,
    RecordedOnBehalf,
    RevisionIssued,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceOpened,
    Sponsored,
    SponsorshipEnded,
    Stance,
    StatementIssued,
    StatementJoined,
    StatementKind,
    StatementMade,
)
from domain.proposals.proposal import (
    Adopted,
    Deferred,
    Issued,
    Open,
    Proposal,
    UnderSilence,
    evolve,
    fold,
    next_change,
    settle,
)
from domain.proposals.standing import PENDING, Hold, PartyHow, objecting, parties, pending, standings
from domain.record.envelope import opened, pieces
from domain.text.fingerprint import fingerprint
from domain.text.provisions import Provision
from tests.domain.arbitrary import INSTANTS, TEXTS, WHOLE, any_of, facts
from tests.domain.cast import AGREEMENT, ALICE, EARLIER, FIRST, JPN, LANGUAGES, MEMBERS, an_id
from tests.domain.catalogue import fact_types
from tests.domain.scenario import EVOLVE, MOMENT, recorded
from tests.domain.stories import Step, Story, stories

LIVES: Final = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
SOME: Final = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
VALUES: Final = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])

Law = Callable[[Story], None]
LAWS: Final[list[Law]] = []


def law(holds: Law) -> Law:
    """Of every life: kept in one test, since a life costs more than all that is asked of it."""
    LAWS.append(holds)
    return holds


@LIVES
@given(stories())
def test_every_life_of_a_proposal_keeps_the_laws(story: Story) -> None:
    for holds in LAWS:
        holds(story)


def asked_at(record: Iterable[Recorded[Fact]], moment: datetime) -> Proposal | None:
    """What the record says at an instant."""
    proposal = fold(fact for fact in record if fact.at <= moment)
    return None if proposal is None else settle(proposal, moment)


def accepted(story: Story) -> list[tuple[Step, Decision]]:
    return [(step, step.answer) for step in story.steps if isinstance(step.answer, Decision)]


def whose(step: Step) -> set[DelegationCode | None]:
    """Of whom the act is, whoever records it."""
    match step.command:
        case RecordOnBehalf(delegation=delegation):
            return {delegation}
        case SetAside():
            return {code for fact in step.facts if isinstance(fact, AdoptionSetAside) for code in fact.objecting}
        case _:
            return {step.around.delegation}


def done(step: Step) -> Command:
    """The act itself, where it was recorded on behalf and counts at once."""
    match step.command, step.facts:
        case RecordOnBehalf(act=act), (RecordedOnBehalf(waits=False), *_):
            return act
        case command, _:
            return command


def is_objection(command: Command) -> bool:
    return isinstance(command, TakePosition) and command.stance is Stance.OBJECT


# The text


@law
def revision_numbers_are_dense(story: Story) -> None:
    assert [revision.number for revision in story.proposal.revisions] == list(range(len(story.proposal.revisions)))


@law
def provision_ids_are_unique_and_never_given_again(story: Story) -> None:
    ever: set[str] = set()
    before: set[str] = set()
    for revision in story.proposal.revisions:
        ids = [part.id for part in revision.provisions]
        assert len(ids) == len(set(ids))
        assert (set(ids) - before).isdisjoint(ever)
        before, ever = set(ids), ever | set(ids)
    assert len(ever) == story.proposal.ids_given


@law
def the_fingerprint_of_each_revision_can_be_computed_again(story: Story) -> None:
    proposal = story.proposal
    for revision in proposal.revisions:
        assert revision.fingerprint == fingerprint(proposal.id, revision.number, proposal.master, revision.provisions)


@law
def a_revision_names_just_the_provisions_that_differ_or_moved(story: Story) -> None:
    for before, after in pairwise(story.proposal.revisions):
        old = {part.id: part for part in before.provisions}
        new = {part.id: part for part in after.provisions}
        different = {provision for provision in {*old, *new} if old.get(provision) != new.get(provision)}
        assert after.changes
        assert different <= set(after.changes)
        stayed = set(old) - set(after.changes)
        assert [p.id for p in before.provisions if p.id in stayed] == [p.id for p in after.provisions if p.id in stayed]


# Who stands where


@law
def positions_are_of_members_on_revisions_that_there_are(story: Story) -> None:
    for state in story.states():
        for delegation, position in state.positions.items():
            assert delegation in MEMBERS
            assert position.delegation == delegation
            assert 0 <= position.revision <= state.current.number
            assert (position.due is not None) is (position.stance in PENDING)


@law
def an_objection_stands_until_its_delegation_lifts_or_replaces_it(story: Story) -> None:
    for step, _ in accepted(story):
        before = {code for code, position in step.before.positions.items() if position.stance is Stance.OBJECT}
        after = {code for code, position in step.after.positions.items() if position.stance is Stance.OBJECT}
        assert before - after <= {step.around.delegation}
        assert after - before <= whose(step)


@law
def the_sponsors_of_a_sponsored_proposal_are_never_none_and_the_first_stays(story: Story) -> None:
    tabled = story.record[0].fact
    assert isinstance(tabled, ProposalTabled)
    for state in story.states():
        assert len(state.sponsors) == len(set(state.sponsors))
        assert state.main_sponsor == tabled.sponsor
        assert tabled.sponsor is None or state.sponsors[0] == tabled.sponsor


@law
def no_sponsor_objects(story: Story) -> None:
    for state in story.states():
        objectors = {code for code, position in state.positions.items() if position.stance is Stance.OBJECT}
        assert objectors.isdisjoint(state.sponsors)


@law
def nobody_changes_the_position_of_another(story: Story) -> None:
    for step, _ in accepted(story):
        changed = {
            code
            for code in {*step.before.positions, *step.after.positions}
            if step.before.positions.get(code) != step.after.positions.get(code)
        }
        assert changed <= whose(step)


@law
def every_fact_names_a_revision_that_there_is(story: Story) -> None:
    for state, fact in zip(story.states(), story.record, strict=True):
        assert 0 <= getattr(fact.fact, "revision", 0) <= state.current.number


@law
def an_objection_gives_its_reason_or_says_that_it_is_undisclosed(story: Story) -> None:
    for step, decision in accepted(story):
        act = done(step)
        if isinstance(act, TakePosition) and act.stance is Stance.OBJECT:
            assert act.reason or act.undisclosed
            assert act.reason in {None, *(getattr(fact, "text", None) for fact in decision.facts)}


# What is recorded on behalf


@law
def what_waits_on_behalf_is_a_members_and_stops_nothing(story: Story) -> None:
    for state in story.states():
        for delegation, given_act in state.on_behalf.items():
            assert delegation in MEMBERS
            assert given_act.act not in {Given.CONTEST, Given.DECLINE}
            assert given_act.stance is not Stance.OBJECT
            assert given_act.received <= given_act.recorded


OVERTAKES: Final = (
    PositionTaken,
    PositionReaffirmed,
    PositionContested,
    PositionConfirmed,
    PositionDeclined,
    ObjectionLifted,
    Sponsored,
    GivenActConfirmed,
    GivenActDisowned,
)


@law
def an_act_of_its_own_overtakes_what_waits(story: Story) -> None:
    for step, decision in accepted(story):
        theirs = {fact.delegation for fact in decision.facts if isinstance(fact, OVERTAKES)}
        objected = {code for fact in decision.facts if isinstance(fact, AdoptionSetAside) for code in fact.objecting}
        assert step.after.on_behalf.keys().isdisjoint(theirs | objected)


@law
def what_waits_on_behalf_changes_nothing_until_it_is_confirmed(story: Story) -> None:
    waiting = {fact.at for fact in story.record if isinstance(fact.fact, RecordedOnBehalf) and fact.fact.waits}
    noted = [fact for fact in story.record if fact.at in waiting and isinstance(fact.fact, RecordedOnBehalf | Erasable)]
    without = [fact for fact in story.record if fact not in noted]
    for moment in story.moments():
        one, other = asked_at(story.record, moment), asked_at(without, moment)
        assert one is None or replace(one, on_behalf={}) == other


@law
def what_stops_on_behalf_is_the_delegations_own_act(story: Story) -> None:
    for step, decision in accepted(story):
        match step.command, step.facts:
            case RecordOnBehalf(delegation=delegation, act=act), (RecordedOnBehalf(waits=False), *_):
                if not step.settled.is_closed:
                    own = Step.taken(step.before, act, replace(step.around, delegation=delegation))
                    assert (own.facts, own.after) == (decision.facts[1:], step.after)
            case RecordOnBehalf(), _:
                assert step.after.positions == step.before.positions
            case _:
                pass


# Statements


@law
def statements_are_numbered_from_1_and_joined_on_invitation(story: Story) -> None:
    for state in story.states():
        for number, statement in enumerate(state.statements, 1):
            assert statement.number == number
            assert statement.delegation in MEMBERS - {*statement.invited}
            assert set(statement.joined) <= set(statement.invited) <= MEMBERS
            assert len(set(statement.joined)) == len(statement.joined)
            assert statement.provision in {None, *(part.id for part in state.revisions[statement.revision].provisions)}


@law
def a_statement_changes_nothing_else(story: Story) -> None:
    for step, _ in accepted(story):
        if isinstance(step.command, MakeStatement | JoinStatement):
            assert replace(step.after, statements=()) == replace(step.settled, statements=())
            assert len(step.after.statements) - len(step.before.statements) == isinstance(step.command, MakeStatement)


# Later editions


@law
def what_is_deferred_changes_only_when_it_is_taken_up_or_withdrawn(story: Story) -> None:
    for step, _ in accepted(story):
        if isinstance(step.settled.phase, Deferred):
            assert isinstance(step.command, TakeUp | Withdraw | DisownGiven | RecordFallenAway)
            assert replace(step.after, phase=Open(), worked=(), edition="", on_behalf={}) == replace(
                step.settled, phase=Open(), worked=(), edition="", on_behalf={}
            )
            assert step.after.status in ("deferred", "open", "withdrawn")


@law
def what_is_taken_up_is_on_the_table_in_a_later_edition_and_only_objections_go_on(story: Story) -> None:
    for state in story.states():
        editions = [working.edition for working in state.worked]
        assert editions == sorted(set(editions))
        assert state.edition == editions[-1]
    for step, _ in accepted(story):
        if isinstance(step.command, TakeUp):
            held = step.around.standings(step.after)
            assert all(one.stance is Stance.OBJECT or not one.counts for one in held.values())
            assert objecting(held) == objecting(step.around.standings(step.before))


@law
def writing_down_that_a_position_fell_away_changes_nothing(story: Story) -> None:
    for step, decision in accepted(story):
        if isinstance(step.command, RecordFallenAway):
            assert [type(fact) for fact in decision.facts] == [PositionFellAway]
            assert step.around.standings(step.settled)[step.command.delegation].hold is Hold.FELL_AWAY
            assert step.after == step.settled


# How it ends


def printed(proposal: Proposal) -> Proposal:
    """What an outcome fixes: all but what is said of it afterwards."""
    return replace(proposal, late=(), statements=(), on_behalf={})


@law
def an_adopted_proposal_never_changes_afterwards_unless_it_is_set_aside(story: Story) -> None:
    end = settle(story.proposal, story.record[-1].at + timedelta(days=4000))
    void = {one.adoption.agreement for one in end.set_aside}
    for moment in story.moments():
        asked = asked_at(story.record, moment)
        if asked is not None and isinstance(asked.phase, Adopted):
            assert printed(asked) == printed(end) or asked.phase.agreement in void


AFTERWARDS: Final = (
    ObjectionCameLate,
    SilenceEnded,
    RecordedOnBehalf,
    AdoptionSetAside,
    StatementMade,
    StatementJoined,
    GivenActDisowned,
    PositionFellAway,
)
OF_AN_ADOPTION: Final = AFTERWARDS[:4]


@law
def a_closed_proposal_refuses_everything_but_late_objections_statements_and_setting_aside(story: Story) -> None:
    for step, decision in accepted(story):
        if step.settled.is_closed:
            first = next(fact for fact in decision.facts if not isinstance(fact, SponsorshipEnded))
            assert isinstance(first, AFTERWARDS)
            assert isinstance(step.settled.phase, Adopted) or not isinstance(first, OF_AN_ADOPTION)
            assert not isinstance(first, RecordedOnBehalf) or is_objection(done(step))
            assert isinstance(first, AdoptionSetAside) or printed(step.after) == printed(step.settled)
            if isinstance(first, StatementMade | StatementJoined):
                said = step.after.statements[first.statement - 1]
                assert said.kind not in {StatementKind.RESERVATION, StatementKind.DISSOCIATION}


@law
def an_adoption_is_set_aside_for_an_objection_to_it_that_came_in_time_and_keeps_its_agreement(story: Story) -> None:
    aside = [(step, fact) for step, _ in accepted(story) for fact in step.facts if isinstance(fact, AdoptionSetAside)]
    for step, fact in aside:
        adopted = step.settled.phase
        assert isinstance(adopted, Adopted)
        assert fact.objecting
        assert set(fact.objecting) <= received_in_time(story, adopted, step.around.now)
        assert set(fact.objecting) <= set(objecting(step.around.standings(step.after)))
        assert step.after.set_aside[-1].adoption == adopted
        assert step.after.status == ("no-consensus" if step.around.agenda_closed else "open")
    last = settle(story.proposal, story.record[-1].at + timedelta(days=4000))
    void = [fact.agreement for _, fact in aside]
    assert [one.adoption.agreement for one in last.set_aside] == void
    assert not isinstance(last.phase, Adopted) or last.phase.agreement not in void


def received_in_time(story: Story, adopted: Adopted, now: datetime) -> set[DelegationCode]:
    """Whose objection was recorded after the adoption and had been received before it."""
    noted = [(fact.at, fact.fact) for fact in story.record if isinstance(fact.fact, RecordedOnBehalf)]
    return {one.delegation for at, one in noted if one.stance is Stance.OBJECT and one.received < adopted.at <= at <= now}


@law
def only_a_chairs_statement_is_issued_and_nobody_agrees_on_one(story: Story) -> None:
    kinds = {type(fact.fact) for fact in story.record}
    assert isinstance(story.proposal.phase, Issued) is (StatementIssued in kinds)
    if story.proposal.kind == CHAIRS_STATEMENT:
        assert kinds.isdisjoint({PutToDecision, SilenceOpened, Sponsored})
    else:
        assert StatementIssued not in kinds


MEANWHILE: Final = (
    AcknowledgeReceipt,
    CancelSilence,
    Confirm,
    ConfirmGiven,
    Decline,
    DisownGiven,
    ExtendSilence,
    JoinStatement,
    MakeStatement,
    RecordFallenAway,
    RecordOnBehalf,
    Withdraw,
)


@law
def under_silence_only_what_stops_or_accompanies_it_is_possible(story: Story) -> None:
    for step, _ in accepted(story):
        if isinstance(step.settled.phase, UnderSilence):
            objects = is_objection(done(step))
            assert objects or isinstance(step.command, MEANWHILE)
            assert step.after.revisions == step.before.revisions
            stops = objects or isinstance(done(step), CancelSilence | Decline)
            assert (step.after.status == "open") is stops


@law
def a_silence_that_was_broken_or_cancelled_adopts_nothing(story: Story) -> None:
    opened_as = None
    stopped: set[object] = set()
    for fact in story.record:
        match fact.fact:
            case SilenceOpened(agreement=agreement):
                opened_as = agreement
            case SilenceBroken() | SilenceCancelled():
                stopped.add(opened_as)
            case _:
                pass
    last = settle(story.proposal, story.record[-1].at + timedelta(days=4000))
    assert not isinstance(last.phase, Adopted) or last.phase.agreement not in stopped


@law
def nothing_is_adopted_against_an_objection_or_on_the_floor_before_what_is_pending(story: Story) -> None:
    last = settle(story.proposal, story.record[-1].at + timedelta(days=4000))
    if isinstance(last.phase, Adopted):
        held = standings(last, last.phase.at, certification=story.rules.editorial_certification)
        assert objecting(held) == ()
        assert last.phase.by_silence or pending(held) == ()
        assert last.phase.revision == last.current.number


@law
def nothing_is_decided_without_all_or_before_its_time(story: Story) -> None:
    for step, decision in accepted(story):
        if isinstance(step.command, PutToSitting):
            notice = timedelta(seconds=story.rules.notice)
            assert step.around.present >= MEMBERS
            assert step.command.notice_waived or step.around.now - step.before.current.issued >= notice
        if isinstance(step.command, OpenSilence):
            assert step.command.deadline - step.around.now >= story.rules.minimum_silence(in_session=step.around.in_session)
            assert decision.until is not None


@law
def every_delegation_is_party_but_those_that_abstain_or_dissociate(story: Story) -> None:
    last = settle(story.proposal, story.record[-1].at + timedelta(days=4000))
    if isinstance(last.phase, Adopted):
        certification = story.rules.editorial_certification
        held = standings(last, last.phase.at, certification=certification)
        apart = {c for c, s in held.items() if s.counts and s.stance in {Stance.ABSTAIN, Stance.DISSOCIATE}}
        found = parties(last, last.phase, MEMBERS, certification=certification)
        assert [party.delegation for party in found] == sorted(MEMBERS - apart)
        absent = PartyHow.PRESENT if last.phase.by_silence else PartyHow.SILENT
        assert absent not in {party.how for party in found}


@law
def the_outcome_fits_what_was_done(story: Story) -> None:
    kinds = [type(fact.fact) for fact in story.record]
    acted_on = PutToDecision in kinds or SilenceOpened in kinds
    assert story.proposal.acted_on is acted_on
    for fact in story.record:
        if isinstance(fact.fact, ProposalConcluded):
            assert fact.fact.outcome is (Outcome.NO_CONSENSUS if acted_on else Outcome.LAPSED)


@law
def how_positions_held_when_it_closed_is_how_they_hold_for_ever(story: Story) -> None:
    end = story.record[-1].at + timedelta(days=4000)
    last = settle(story.proposal, end)
    if last.is_closed:
        certification = story.rules.editorial_certification
        closed = getattr(last.phase, "at", end)
        assert standings(last, closed, certification=certification) == standings(last, end, certification=certification)


# What a decision is


@SOME
@given(stories(), st.data())
def test_a_decision_is_the_same_until_the_instant_that_it_names(story: Story, data: DataObject) -> None:
    for step, decision in accepted(story):
        if is_dated_now(step):
            continue
        now, until = step.around.now, decision.until
        last = now + timedelta(days=4000) if until is None else until - MOMENT
        later = data.draw(st.sampled_from((now, now + (last - now) / 2, last)))
        again = decide(step.before, step.command, replace(step.around, now=later))
        assert again.facts == decision.facts


def is_dated_now(step: Step) -> bool:
    """Whether it says when it was done: a reserve runs from now where no date is named, a letter was received now."""
    match step.command:
        case RecordOnBehalf(received=None):
            return True
        case TakePosition(stance=Stance.RESERVE, due=None):
            return True
        case ConfirmGiven():
            return any(given_act.stance is Stance.RESERVE for given_act in step.before.on_behalf.values())
        case _:
            return False


@law
def the_same_question_gets_the_same_answer_and_changes_nothing(story: Story) -> None:
    for step in story.steps:
        before = msgspec.json.encode(step.before, order="sorted")
        again = Step.taken(step.before, step.command, step.around)
        assert (again.facts, again.after, str(again.answer)) == (step.facts, step.after, str(step.answer))
        assert msgspec.json.encode(step.before, order="sorted") == before


@law
def what_was_decided_is_what_is_then_so(story: Story) -> None:
    for step, decision in accepted(story):
        for fact in decision.facts:
            assert says(step.after, fact), fact


def says(proposal: Proposal, fact: Fact) -> bool:  # noqa: C901, PLR0912  one case a fact
    """Whether the proposal shows what the fact said, where it says anything that lasts."""
    match fact:
        case RevisionIssued():
            current = proposal.current
            kept = RevisionIssued(current.number, current.provisions, current.changes, current.fingerprint, fact.penholder)
            return kept == fact
        case PositionTaken(delegation=delegation):
            position = proposal.positions[delegation]
            return PositionTaken(delegation, position.revision, position.stance, position.due) == fact
        case PositionReaffirmed(delegation=delegation, revision=revision) | PositionConfirmed(delegation, revision):
            return proposal.positions[delegation].revision == revision and not proposal.positions[delegation].contested
        case Sponsored(delegation=delegation):
            return delegation in proposal.sponsors and proposal.positions[delegation].stance is Stance.ENDORSE
        case SponsorshipEnded(delegation=delegation):
            return delegation not in proposal.sponsors
        case PutToDecision(adopted=adopted, agreement=agreement):
            phase = proposal.phase
            return adopted is (isinstance(phase, Adopted) and phase.agreement == agreement)
        case SilenceOpened():
            phase = proposal.phase
            return isinstance(phase, UnderSilence) and SilenceOpened(phase.revision, phase.deadline, phase.agreement) == fact
        case ProposalConcluded(outcome=outcome):
            return proposal.status == outcome
        case RecordedOnBehalf(waits=True):
            return says_given(proposal, fact)
        case StatementMade():
            made = proposal.statements[-1]
            kept = StatementMade(made.number, made.delegation, made.kind, made.revision, made.provision, made.invited)
            return kept == fact
        case StatementJoined(statement=number, delegation=delegation):
            return delegation in proposal.statements[number - 1].joined
        case ProposalDeferred(edition=edition):
            return isinstance(proposal.phase, Deferred) and proposal.phase.edition == edition
        case ProposalTakenUp(edition=edition):
            return isinstance(proposal.phase, Open) and proposal.edition == edition
        case _:
            return True


def says_given(proposal: Proposal, fact: RecordedOnBehalf) -> bool:
    kept = proposal.on_behalf[fact.delegation]
    said = (fact.act, fact.revision, fact.stance, fact.due, fact.reference, fact.received)
    return (kept.act, kept.revision, kept.stance, kept.due, kept.reference, kept.received) == said


# What goes on elsewhere


def of_now(story: Story, delegation: DelegationCode | None) -> Circumstances:
    return Circumstances(story.record[-1].at, story.rules, MEMBERS, LANGUAGES, delegation)


@SOME
@given(stories(), st.data())
def test_a_merger_ends_one_and_leaves_the_other_as_it_was(story: Story, data: DataObject) -> None:
    source = data.draw(st.sampled_from(story.states()))
    target = replace(data.draw(st.sampled_from(story.states())), id=EARLIER)
    around = of_now(story, data.draw(st.sampled_from((source.main_sponsor, JPN, None))))
    settled, beside = settle(source, around.now), settle(target, around.now)
    possible = isinstance(beside.phase, Open) and isinstance(settled.phase, Open | Deferred)
    try:
        merging = moving.merge(settled, target, around)
    except Refusal:
        merging = None
    assert (merging is not None) is (possible and around.delegation == source.main_sponsor)
    if merging is None:
        return
    gone = evolve(source, recorded(merging.source, around.now))
    stays = evolve(target, recorded(merging.target, around.now))
    assert gone is not None
    assert stays is not None
    assert replace(gone, phase=settled.phase) == settled
    assert (gone.status, gone.is_closed) == ("merged", True)
    assert stays == replace(beside, absorbed=(*beside.absorbed, source.id))
    assert around.standings(stays) == around.standings(beside)


@SOME
@given(stories(), st.data())
def test_nothing_of_a_text_is_lost_in_a_split(story: Story, data: DataObject) -> None:
    around = of_now(story, story.proposal.main_sponsor)
    whole = settle(data.draw(st.sampled_from(story.states())), around.now)
    named = [part.id for part in whole.current.provisions[1:]]
    places = [data.draw(st.sets(st.integers(0, 2), min_size=1)) for _ in named]
    parts = tuple(tuple(i for i, there in zip(named, places, strict=True) if place in there) for place in range(3))
    filled = tuple(part for part in parts if part)
    try:
        texts = moving.split(whole, Split(filled), around)
    except Refusal:
        texts = None
    assert (texts is not None) is (isinstance(whole.phase, Open) and len(filled) >= 2)
    if texts is None:
        return
    ids = [ProposalId(an_id(f"part {place}")) for place in range(len(texts))]
    tabled = [moving.tabled_part(whole, text, proposal=i, number="P24-02") for i, text in zip(ids, texts, strict=True)]
    assert words(whole.current.provisions) == set().union(*(words(part.provisions) for part in tabled))
    for part, proposal in zip(tabled, ids, strict=True):
        assert part.fingerprint == fingerprint(proposal, 0, whole.master, part.provisions)
        assert words(part.provisions) >= words(whole.current.provisions[:1])
        assert (part.sponsor, part.predecessor, part.edition) == (whole.main_sponsor, whole.id, whole.edition)
    after = evolve(whole, recorded(moving.after_split(ids), around.now))
    assert after is not None
    assert replace(after, phase=whole.phase) == whole
    assert (after.status, after.is_closed) == ("split", True)


def words(provisions: Iterable[Provision]) -> set[bytes]:
    return {msgspec.json.encode((part.kind, part.text), order="sorted") for part in provisions}


# What the record says


@law
def what_is_read_back_from_the_record_says_the_same(story: Story) -> None:
    assert fold(map(through_the_wire, story.record)) == story.proposal


@law
def what_is_withheld_changes_nothing_but_the_words(story: Story) -> None:
    withheld = [
        replace(fact, fact=Withheld(fact.fact.tag, 0)) if isinstance(fact.fact, Erasable) else fact for fact in story.record
    ]
    proposal = fold(withheld)
    assert proposal is not None
    assert proposal == wordless(proposal) == wordless(story.proposal)


def wordless(proposal: Proposal) -> Proposal:
    """It, with each place for words empty."""
    return replace(
        proposal,
        revisions=tuple(replace(one, reason=None) for one in proposal.revisions),
        positions={code: replace(one, reason=None, reservation=None) for code, one in proposal.positions.items()},
        on_behalf={code: replace(one, reason=None, reservation=None) for code, one in proposal.on_behalf.items()},
        late=tuple(replace(one, reason=None) for one in proposal.late),
        set_aside=tuple(replace(one, reason=None) for one in proposal.set_aside),
        statements=tuple(replace(one, text={}) for one in proposal.statements),
    )


def through_the_wire(fact: Recorded[Fact]) -> Recorded[Fact]:
    around = pieces(fact.fact, stream=fact.stream, book=fact.book, command=fact.command)
    envelope = opened(around.filled(fact.at, fact.index))
    kind = next(kind for kind in fact_types() if kind.tag == envelope.type)
    return replace(fact, fact=msgspec.json.decode(envelope.data, type=kind), at=envelope.at)


@SOME
@given(stories(), st.data())
def test_a_silence_ends_by_the_record_whenever_that_is_written_down_or_never(story: Story, data: DataObject) -> None:
    never = [fact for fact in story.record if not isinstance(fact.fact, SilenceEnded)]
    place = data.draw(st.integers(1, len(never)))
    instants = [never[place - 1].at, *(fact.at for fact in never[place : place + 1])]
    moment = data.draw(st.sampled_from((*instants, instants[0] + (instants[-1] - instants[0]) / 2)))
    written = [*never[:place], recorded(SilenceEnded(0, AGREEMENT), moment), *never[place:]]
    for asked in story.moments():
        assert asked_at(story.record, asked) == asked_at(never, asked) == asked_at(written, asked)


@SOME
@given(stories(), st.data())
def test_asking_in_between_changes_nothing(story: Story, data: DataObject) -> None:
    states = story.states()
    for state, fact in zip(states, story.record[1:], strict=False):
        between = data.draw(st.sampled_from((story.record[0].at, fact.at - MOMENT, fact.at)))
        if between <= fact.at:
            assert evolve(settle(state, between), fact) == evolve(state, fact)


@law
def settling_is_idempotent_and_monotone(story: Story) -> None:
    moments = story.moments()
    for state in story.states():
        for first, second in pairwise(moments):
            once = settle(state, first)
            assert settle(once, first) == once
            assert settle(once, second) == settle(state, second)


@law
def between_two_changes_that_time_brings_nothing_changes(story: Story) -> None:
    certification = story.rules.editorial_certification
    for state, fact in zip(story.states(), story.record, strict=True):
        change = next_change(state, fact.at)
        last = fact.at + timedelta(days=4000) if change is None else change - MOMENT
        assert settle(state, last) == settle(state, fact.at)
        held = standings(settle(state, fact.at), fact.at, certification=certification)
        assert standings(settle(state, last), last, certification=certification) == held


@VALUES
@given(st.data())
@pytest.mark.parametrize("room", sorted(EVOLVE))
def test_evolve_is_total(room: str, data: DataObject) -> None:
    state: object = None
    own = data.draw(st.lists(facts(room), min_size=1, max_size=6))
    foreign = data.draw(st.lists(facts(), max_size=2))
    for fact in data.draw(st.permutations([*own, *foreign])):
        state = EVOLVE[room](state, recorded(fact, data.draw(INSTANTS)))


@SOME
@given(stories(), st.data())
def test_evolve_is_total_also_in_the_middle_of_a_life(story: Story, data: DataObject) -> None:
    state: Proposal | None = data.draw(st.sampled_from(story.states()))
    for fact in data.draw(st.lists(facts(), max_size=6)):
        state = evolve(state, recorded(fact, data.draw(INSTANTS)))
        assert state is not None
        settle(state, data.draw(INSTANTS))


@VALUES
@given(st.data())
@pytest.mark.parametrize("kind", fact_types(), ids=lambda kind: kind.tag)
def test_a_fact_survives_the_wire(kind: type[Fact], data: DataObject) -> None:
    fact, at, effective = data.draw(any_of(kind)), data.draw(INSTANTS), data.draw(st.none() | INSTANTS)
    around = pieces(
        fact,
        stream=StreamId(data.draw(st.uuids())),
        book=BookId(data.draw(st.uuids())),
        command=CommandId(data.draw(st.uuids())),
        actor=data.draw(st.sampled_from((None, ALICE))),
        delegation=data.draw(st.sampled_from((None, JPN))),
        credential=data.draw(st.sampled_from((None, FIRST))),
        effective=effective,
        signature=data.draw(st.none() | TEXTS),
    )
    stored = around.filled(at, data.draw(st.integers(0, WHOLE)))
    envelope = opened(stored)
    assert msgspec.json.decode(envelope.data, type=kind) == fact
    assert (envelope.at, envelope.effective, envelope.type, envelope.v) == (at, effective, kind.tag, kind.version)
    assert rfc8785.dumps(json.loads(stored)) == stored


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-WHOLE, WHOLE) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_sorted_msgspec_json_is_rfc_8785_where_the_record_stays(value: object) -> None:
    assert msgspec.json.encode(value, order="sorted") == rfc8785.dumps(value)  # type: ignore[arg-type]
