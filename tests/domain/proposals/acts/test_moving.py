from collections.abc import Callable

import pytest
from msgspec.structs import replace

from domain.identity import EditionCode, FormatCode, ProposalId, ProvisionId
from domain.kernel import Fact
from domain.proposals.acts import moving
from domain.proposals.acts.closing import close_with_agenda
from domain.proposals.circumstances import Circumstances
from domain.proposals.commands import Defer, Revise, Split, TakePosition, TakeUp, Withdraw
from domain.proposals.events import (
    ProposalAbsorbed,
    ProposalDeferred,
    ProposalMerged,
    ProposalSplit,
    ProposalTakenUp,
    ProposalWithdrawn,
    Sponsored,
    Stance,
)
from domain.proposals.proposal import Proposal
from domain.proposals.refusals import (
    EditionNotLater,
    EditionTakesNoMore,
    IsDeferred,
    MergeTargetUnknown,
    NotDeferred,
    NotMainSponsor,
    ProposalClosed,
    ProvisionLeftOut,
    ProvisionNotInRevision,
    SilenceRuns,
    TargetNotSponsored,
    TooFewParts,
)
from domain.proposals.standing import Hold
from domain.rules import Rules
from domain.text.fingerprint import fingerprint
from tests.domain.cast import (
    AGREEMENT,
    CHN,
    EARLIER,
    EN,
    FLAGS,
    JAPAN_US,
    JPN,
    KOR,
    LANGUAGES,
    LIGHTS,
    MEMBERS,
    P1,
    P2,
    P3,
    P8,
    PROPOSAL,
    TITLE,
    USA,
    an_id,
    decided,
    endorsed,
    objected,
    operative,
    tabled,
    took,
    under_silence,
)
from tests.domain.scenario import at, given

NEXT = EditionCode("2025")
END = at("10:00", day=5)
OTHER = ProposalId(an_id("other proposal"))


def test_the_chair_defers_a_proposal_to_a_later_edition_or_without_saying_which() -> None:
    for edition in (NEXT, None):
        after = given(tabled()).when(Defer(edition)).then(ProposalDeferred(edition))
        assert after.proposal().status == "deferred"
        assert not after.proposal().is_closed
    given(tabled()).when(Defer(NEXT), edition_named_is_later=False).refused(EditionNotLater, edition="2025", current="2024")


def test_nothing_is_done_with_a_deferred_proposal_but_to_take_it_up_or_withdraw_it() -> None:
    story = given(tabled(), ProposalDeferred(NEXT))
    story.when(TakePosition(0, Stance.ENDORSE), by=USA).refused(IsDeferred)
    story.when(TakePosition(0, Stance.OBJECT, undisclosed=True), by=USA).refused(IsDeferred)
    story.when(Revise(0, ()), by=JPN).refused(IsDeferred)
    story.when(Defer(NEXT)).refused(IsDeferred)
    story.when(Withdraw(), by=JPN).then(ProposalWithdrawn())


def test_a_proposal_under_silence_is_not_deferred() -> None:
    given(tabled(), under_silence(END)).when(Defer(NEXT)).refused(SilenceRuns, revision=0, deadline=END)


def test_the_closing_of_its_agenda_leaves_a_deferred_proposal_alone() -> None:
    given(tabled(), ProposalDeferred(NEXT)).when(close_with_agenda).then()


def test_taken_up_again_objections_stand_and_all_else_needs_reaffirming() -> None:
    before = (endorsed(USA), took(KOR, Stance.ABSTAIN), objected(CHN), ProposalDeferred(NEXT))
    story = given(tabled(), *before).when(TakeUp(NEXT)).then(ProposalTakenUp(NEXT))
    assert story.proposal().status == "open"
    assert story.proposal().edition == NEXT
    assert story.holds() == {
        JPN: (Stance.ENDORSE, Hold.SUPERSEDED),
        USA: (Stance.ENDORSE, Hold.SUPERSEDED),
        KOR: (Stance.ABSTAIN, Hold.SUPERSEDED),
        CHN: (Stance.OBJECT, Hold.CURRENT),
    }


def test_a_position_shows_the_edition_in_which_it_was_taken() -> None:
    story = given(tabled(), ProposalDeferred(None), at("09:00", day=9), ProposalTakenUp(NEXT), endorsed(USA))
    proposal = story.proposal()
    editions = {code: proposal.edition_at(position.taken) for code, position in proposal.positions.items()}
    assert editions == {JPN: "2024", USA: "2025"}


def test_only_what_is_deferred_is_taken_up_and_only_in_a_later_edition_that_takes_proposals() -> None:
    given(tabled()).when(TakeUp(NEXT)).refused(NotDeferred, status="open")
    given(tabled(), decided()).when(TakeUp(NEXT)).refused(ProposalClosed, status="adopted")
    deferred = given(tabled(), ProposalDeferred(None))
    same = deferred.when(TakeUp(EditionCode("2024")), edition_named_is_later=False)
    same.refused(EditionNotLater, edition="2024", current="2024")
    closed = deferred.when(TakeUp(NEXT), edition_takes_proposals=False, edition_status="closed")
    closed.refused(EditionTakesNoMore, status="closed")


def other(*facts: Fact) -> Proposal:
    """Another proposal of the format, put forward by Korea and Japan unless facts say otherwise."""
    story = given(tabled(by=KOR, number="P24-02"), *(facts or (Sponsored(JPN, 0),)))
    return replace(story.proposal(), id=OTHER)


def merging(into: Proposal | None, by: str | None = JPN) -> Callable[[Proposal], Fact]:
    """The act of merging into it."""
    around = Circumstances(
        now=at("09:00", day=3),
        rules=Rules(),
        members=MEMBERS,
        languages=LANGUAGES,
        delegation=next((code for code in MEMBERS if code == by), None),
        fresh_agreement=AGREEMENT,
    )
    return lambda proposal: moving.merge(proposal, into, around).source


@pytest.mark.parametrize("before", [(), (ProposalDeferred(NEXT),)])
def test_the_main_sponsor_merges_it_into_another_that_it_sponsors(before: tuple[Fact, ...]) -> None:
    story = given(tabled(), *before).when(merging(other())).then(ProposalMerged(OTHER))
    assert story.proposal().status == "merged"
    absorbed = given(tabled(), endorsed(USA), ProposalAbsorbed(OTHER))
    assert absorbed.proposal().absorbed == (OTHER,)
    assert absorbed.holds()[USA] == (Stance.ENDORSE, Hold.CURRENT)


def test_nobody_else_merges_it() -> None:
    story = given(tabled())
    for by in (KOR, None):
        story.when(merging(other(), by)).refused(NotMainSponsor, sponsor="JPN")


def test_it_is_merged_into_another_open_proposal_of_its_format() -> None:
    story = given(tabled())
    elsewhere = replace(other(), format=FormatCode(JAPAN_US))
    for target in (
        None,
        story.proposal(),
        elsewhere,
        other(decided()),
        other(under_silence(END)),
        other(ProposalDeferred(None)),
    ):
        story.when(merging(target)).refused(MergeTargetUnknown)


def test_who_merges_puts_the_other_forward_too() -> None:
    alone = other(endorsed(JPN))
    given(tabled()).when(merging(alone)).refused(TargetNotSponsored, delegation="JPN", number="P24-02")


def test_what_is_closed_or_under_silence_is_not_merged() -> None:
    given(tabled(), decided()).when(merging(other())).refused(ProposalClosed, status="adopted")
    running = given(tabled(), under_silence(END))
    running.when(merging(other())).refused(SilenceRuns, revision=0, deadline=END)


def splitting(*parts: tuple[ProvisionId, ...], by: str | None = JPN, takes: bool = True) -> Callable[[Proposal], Fact]:
    """The act of splitting into these."""
    around = Circumstances(
        now=at("09:00", day=3),
        rules=Rules(),
        members=MEMBERS,
        languages=LANGUAGES,
        delegation=next((code for code in MEMBERS if code == by), None),
        edition_takes_proposals=takes,
        edition_status="open" if takes else "closed",
    )

    def act(proposal: Proposal) -> Fact:
        texts = moving.split(proposal, Split(parts), around)
        return moving.after_split([OTHER, EARLIER][: len(texts)])

    return act


def test_the_main_sponsor_splits_it_into_parts_each_under_its_title() -> None:
    story = given(tabled())
    after = story.when(splitting((P2,), (P1, P3))).then(ProposalSplit((OTHER, EARLIER)))
    assert after.proposal().status == "split"
    part = moving.tabled_part(story.proposal(), (TITLE, LIGHTS), proposal=OTHER, number="P24-02")
    text = (TITLE, replace(LIGHTS, id=P2))
    assert part.provisions == text
    assert part.fingerprint == fingerprint(OTHER, 0, EN, text)
    assert (part.sponsor, part.predecessor, part.number) == (JPN, PROPOSAL, "P24-02")


def test_nothing_is_lost_in_a_split() -> None:
    longer = tabled(TITLE, FLAGS, LIGHTS, operative(P8, "Ships sound horns."))
    given(longer).when(splitting((P2,), (P3,))).refused(ProvisionLeftOut, provisions=("p8",))
    given(tabled()).when(splitting((P2,), (P8, P3))).refused(ProvisionNotInRevision, provision="p8", revision=0)
    given(tabled()).when(splitting((P2, P3))).refused(TooFewParts, parts=1)
    given(tabled()).when(splitting((P2, P3), (P1,))).refused(TooFewParts, parts=1)


def test_only_the_main_sponsor_splits_it_while_the_edition_takes_proposals() -> None:
    given(tabled()).when(splitting((P2,), (P3,), by=KOR)).refused(NotMainSponsor, sponsor="JPN")
    given(tabled()).when(splitting((P2,), (P3,), takes=False)).refused(EditionTakesNoMore, status="closed")
    given(tabled(), ProposalDeferred(None)).when(splitting((P2,), (P3,))).refused(IsDeferred)
