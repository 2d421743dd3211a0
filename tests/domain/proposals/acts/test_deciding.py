from datetime import timedelta

import pytest

from domain.identity import DelegationCode
from domain.proposals.commands import OpenSilence, PutToSitting, TakePosition
from domain.proposals.events import ChangesCertified, PositionConfirmed, PositionDeclined, Stance
from domain.proposals.proposal import Adopted
from domain.proposals.refusals import (
    ConfirmationPending,
    NoticeTooShort,
    ProposalClosed,
    QuorumMissing,
    RevisionNotCurrent,
    SilenceRuns,
)
from domain.proposals.standing import Party, PartyHow, parties
from domain.rules import Rules
from tests.domain.cast import (
    AGREEMENT,
    CHN,
    JPN,
    KOR,
    MEMBERS,
    USA,
    decided,
    editorial,
    endorsed,
    objected,
    substantive,
    tabled,
    took,
    translated,
    under_silence,
)
from tests.domain.scenario import MOMENT, Given, at, given, hours

TABLED = at("09:00")
NOW = at("10:00", day=3)
DUE = at("12:00", day=9)


def how(story: Given) -> dict[DelegationCode, PartyHow]:
    """The parties to the agreement, with how each came to be one."""
    proposal = story.proposal()
    assert isinstance(proposal.phase, Adopted)
    found: tuple[Party, ...] = parties(proposal, proposal.phase, MEMBERS, certification=True)
    return {party.delegation: party.how for party in found}


def test_a_text_without_objection_is_adopted() -> None:
    after = given(tabled()).when(PutToSitting(1, 0), at=NOW, present=MEMBERS).then(decided())
    assert after.proposal().phase == Adopted(0, NOW, AGREEMENT, by_silence=False)


@pytest.mark.parametrize("revision", [0, 2])
def test_the_chair_names_the_current_revision(revision: int) -> None:
    story = given(tabled(), substantive(1))
    story.when(PutToSitting(1, revision), at=NOW, present=MEMBERS).refused(RevisionNotCurrent, revision=revision, current=1)


@pytest.mark.parametrize("absent", [(KOR,), (CHN, USA), (CHN, JPN, KOR, USA)])
def test_every_delegation_of_the_format_is_present(absent: tuple[DelegationCode, ...]) -> None:
    given(tabled()).when(PutToSitting(1, 0), at=NOW, present=MEMBERS - set(absent)).refused(QuorumMissing, absent=absent)


def test_the_text_has_been_out_for_the_notice_period() -> None:
    allowed = TABLED + hours(24)
    story = given(tabled())
    story.when(PutToSitting(1, 0), at=allowed - MOMENT, present=MEMBERS).refused(NoticeTooShort, issued=TABLED, allowed=allowed)
    story.when(PutToSitting(1, 0), at=allowed, present=MEMBERS).then(decided())


def test_the_notice_runs_from_the_last_revision() -> None:
    story = given(tabled(), at("09:00", day=2), translated(1))
    story.when(PutToSitting(1, 1), at=at("10:00", day=2), present=MEMBERS).refused(
        NoticeTooShort, issued=at("09:00", day=2), allowed=at("09:00", day=3)
    )


def test_the_notice_is_waived_if_none_present_objects() -> None:
    story = given(tabled())
    story.when(PutToSitting(1, 0, notice_waived=True), present=MEMBERS).then(decided(waived=True))


def test_the_forum_sets_its_own_notice() -> None:
    given(tabled()).when(PutToSitting(1, 0), at=TABLED, present=MEMBERS, rules=Rules(notice=0)).then(decided())


def test_a_standing_objection_makes_the_outcome_not_adopted_and_the_text_stays_open() -> None:
    story = given(tabled(), objected(KOR), substantive(1), objected(CHN, on=1))
    after = story.when(PutToSitting(1, 1), at=NOW, present=MEMBERS).then(decided(on=1, objecting=(CHN, KOR)))
    assert after.proposal().status == "open"
    after.when(TakePosition(1, Stance.ENDORSE), by=USA).then(endorsed(USA, on=1))


@pytest.mark.parametrize("stance", [Stance.RESERVE, Stance.AD_REFERENDUM])
def test_what_is_pending_holds_the_decision_up_until_due(stance: Stance) -> None:
    story = given(tabled(), took(USA, stance, due=DUE), took(KOR, Stance.RESERVE, due=DUE + hours(1)))
    story.when(PutToSitting(1, 0), at=DUE - MOMENT, present=MEMBERS).refused(
        ConfirmationPending, delegations=("KOR", "USA"), due=DUE + hours(1)
    )
    story.when(PutToSitting(1, 0), at=DUE, present=MEMBERS).refused(
        ConfirmationPending, delegations=("KOR",), due=DUE + hours(1)
    )
    after = story.when(PutToSitting(1, 0), at=DUE + hours(1), present=MEMBERS).then(decided())
    assert how(after)[USA] is PartyHow.PRESENT


@pytest.mark.parametrize("answer", [PositionConfirmed(USA, 0), PositionDeclined(USA, 0)])
def test_confirmed_or_declined_it_holds_nothing_up(answer: PositionConfirmed | PositionDeclined) -> None:
    story = given(tabled(), took(USA, Stance.RESERVE, due=DUE), answer)
    story.when(PutToSitting(1, 0), at=NOW, present=MEMBERS).then(decided())


def test_a_reserve_holds_the_decision_on_a_later_text_up_too() -> None:
    story = given(tabled(), took(USA, Stance.RESERVE, due=DUE), substantive(1))
    story.when(PutToSitting(1, 1), at=NOW, present=MEMBERS).refused(ConfirmationPending, delegations=("USA",), due=DUE)


def test_what_is_pending_does_not_keep_an_objection_from_being_put_on_record() -> None:
    story = given(tabled(), took(USA, Stance.RESERVE, due=DUE), objected(CHN))
    after = story.when(PutToSitting(1, 0), at=NOW, present=MEMBERS).then(decided(objecting=(CHN,)))
    assert after.until == DUE


def test_the_chair_names_who_was_maintained() -> None:
    story = given(tabled(), took(USA, Stance.NO_OBJECTION), took(CHN, Stance.ABSTAIN), endorsed(KOR), translated(1))
    story.when(PutToSitting(1, 1), at=NOW, present=MEMBERS).then(decided(on=1, maintained=(CHN, KOR, USA)))


def test_a_reserve_is_not_named_among_the_maintained_since_it_holds_of_no_text() -> None:
    story = given(tabled(), took(USA, Stance.RESERVE, due=DUE), objected(CHN), endorsed(KOR), translated(1))
    after = story.when(PutToSitting(1, 1), at=NOW, present=MEMBERS)
    after.then(decided(on=1, maintained=(KOR,), objecting=(CHN,)))


def test_who_was_superseded_is_not_named() -> None:
    story = given(tabled(), endorsed(USA), substantive(1), endorsed(KOR, on=1), translated(2))
    story.when(PutToSitting(1, 2), at=NOW, present=MEMBERS).then(decided(on=2, maintained=(KOR,)))


def test_editorial_changes_maintain_once_certified_or_where_the_rules_ask_for_no_certification() -> None:
    story = given(tabled(), endorsed(USA), editorial(1))
    command = PutToSitting(1, 1)
    story.when(command, at=NOW, present=MEMBERS).then(decided(on=1))
    lenient = Rules(editorial_certification=False)
    story.when(command, at=NOW, present=MEMBERS, rules=lenient).then(decided(on=1, maintained=(USA,)))
    certified = given(tabled(), endorsed(USA), editorial(1), ChangesCertified(1))
    certified.when(command, at=NOW, present=MEMBERS).then(decided(on=1, maintained=(USA,)))


@pytest.mark.parametrize("stance", [Stance.ABSTAIN, Stance.DISSOCIATE])
def test_abstaining_and_dissociating_do_not_block_and_make_no_party(stance: Stance) -> None:
    story = given(tabled(), took(CHN, stance))
    after = story.when(PutToSitting(1, 0), at=NOW, present=MEMBERS).then(decided())
    assert after.proposal().status == "adopted"
    assert how(after) == {JPN: PartyHow.ENDORSED, KOR: PartyHow.PRESENT, USA: PartyHow.PRESENT}


@pytest.mark.parametrize("stance", [Stance.ABSTAIN, Stance.DISSOCIATE])
def test_an_abstention_from_an_earlier_text_makes_a_party_unless_it_was_maintained(stance: Stance) -> None:
    superseded = given(tabled(), took(CHN, stance), substantive(1), decided(on=1))
    assert how(superseded)[CHN] is PartyHow.PRESENT
    maintained = given(tabled(), took(CHN, stance), translated(1), decided(on=1, maintained=(CHN,)))
    assert CHN not in how(maintained)


def test_each_party_is_one_in_its_own_way() -> None:
    story = given(tabled(), took(USA, Stance.WITH_RESERVATION), took(KOR, Stance.NO_OBJECTION), decided())
    assert how(story) == {
        CHN: PartyHow.PRESENT,
        JPN: PartyHow.ENDORSED,
        KOR: PartyHow.NO_OBJECTION,
        USA: PartyHow.ENDORSED,
    }


def test_by_silence_who_says_nothing_is_a_silent_party() -> None:
    end = at("10:00", day=5)
    story = given(tabled(), took(CHN, Stance.DISSOCIATE), endorsed(KOR), under_silence(end), end)
    assert how(Given(story.record, end)) == {JPN: PartyHow.ENDORSED, KOR: PartyHow.ENDORSED, USA: PartyHow.SILENT}


@pytest.mark.parametrize(
    ("stance", "becomes"),
    [(Stance.AD_REFERENDUM, PartyHow.ENDORSED), (Stance.RESERVE, PartyHow.NO_OBJECTION)],
)
def test_what_is_pending_is_confirmed_by_keeping_silent(stance: Stance, becomes: PartyHow) -> None:
    end = at("10:00", day=5)
    story = given(tabled(), took(USA, stance, due=end + MOMENT), under_silence(end))
    assert how(Given(story.record, end)) == {
        CHN: PartyHow.SILENT,
        JPN: PartyHow.ENDORSED,
        KOR: PartyHow.SILENT,
        USA: becomes,
    }
    fell_away = given(tabled(), took(USA, stance, due=end), under_silence(end))
    assert how(Given(fell_away.record, end))[USA] is PartyHow.SILENT


def test_the_parties_stay_whoever_looks_later() -> None:
    due = at("12:00", day=6)
    story = given(tabled(), took(USA, Stance.AD_REFERENDUM, due=due), under_silence(at("10:00", day=5)))
    assert how(Given(story.record, due + timedelta(days=400)))[USA] is PartyHow.ENDORSED


def test_a_text_is_adopted_once() -> None:
    given(tabled(), decided()).when(PutToSitting(2, 0), at=NOW, present=MEMBERS).refused(ProposalClosed, status="adopted")


def test_a_text_under_silence_is_not_put_to_a_sitting() -> None:
    end = at("10:00", day=5)
    given(tabled(), under_silence(end)).when(PutToSitting(1, 0), at=NOW, present=MEMBERS).refused(
        SilenceRuns, revision=0, deadline=end
    )


def test_what_was_not_adopted_may_be_put_again_or_under_silence() -> None:
    story = given(tabled(), decided(objecting=(CHN,)))
    story.when(PutToSitting(2, 0), at=NOW, present=MEMBERS).then(decided(sitting=2))
    story.when(OpenSilence(0, NOW + hours(72)), at=NOW).then(under_silence(NOW + hours(72)))
