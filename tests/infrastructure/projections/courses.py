"""Proposals that take any course: facts in any order, with any time between them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st
from msgspec import Struct

from domain.identity import EditionCode
from domain.kernel import Fact
from domain.proposals.events import (
    AdoptionSetAside,
    ChangesCertified,
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
    ProposalAbsorbed,
    ProposalConcluded,
    ProposalDeferred,
    ProposalMerged,
    ProposalSplit,
    ProposalTakenUp,
    ProposalWithdrawn,
    ReceiptAcknowledged,
    RecordedOnBehalf,
    RevisionIssued,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceExtended,
    Sponsored,
    Stance,
    StatementIssued,
    StatementJoined,
    StatementKind,
    StatementMade,
)
from tests.domain.cast import (
    AGREEMENT,
    CHN,
    EARLIER,
    EDITION,
    USA,
    decided,
    editorial,
    substantive,
    tabled,
    took,
    translated,
    under_silence,
)
from tests.infrastructure.projections.scene import DAY, HOUR

DELEGATIONS: Final = st.sampled_from([USA, CHN])
NEXT_EDITION: Final = EditionCode("2025")
AFTER: Final = st.sampled_from([timedelta(0), HOUR, DAY])
LATER: Final = st.sampled_from([HOUR, DAY, DAY + HOUR, 2 * DAY])
"""Of the same length, so that what falls due often does so in the instant in which something happens."""


class Move(Struct, frozen=True):
    """Something that happens to a proposal."""

    proposal: int
    fact: Fact
    after: timedelta
    """How long after what happened before, to whichever proposal. At once: in the same command, if it is to the same."""
    ago: timedelta
    """How long before it is recorded it is said to have happened."""


@st.composite
def moves(draw: st.DrawFn, start: datetime, *, proposals: int) -> Sequence[Move]:
    """From the first tabling on. Revisions are numbered as they come; for the rest, anything may follow anything."""
    told: list[Move] = []
    revisions: dict[int, int] = {}
    now = start
    for _ in range(draw(st.integers(1, 14))):
        proposal = draw(st.integers(1, proposals))
        after = draw(AFTER) if told else HOUR
        now += after
        known = proposal in revisions
        fact = draw(_facts(revisions[proposal], now)) if known else tabled()
        revisions[proposal] = revisions.get(proposal, 0) + isinstance(fact, RevisionIssued)
        told.append(Move(proposal, fact, after, draw(st.sampled_from([timedelta(0), timedelta(0), 2 * HOUR]))))
    return told


@st.composite
def _facts(draw: st.DrawFn, revision: int, now: datetime) -> Fact:
    who, later = draw(DELEGATIONS), now + draw(LATER)
    timed = [
        took(who, Stance.AD_REFERENDUM, on=revision, due=later),
        took(who, Stance.RESERVE, on=revision, due=later),
        under_silence(later, on=revision),
        SilenceExtended(later),
    ]
    untimed = [
        took(who, draw(st.sampled_from([Stance.ENDORSE, Stance.OBJECT, Stance.ABSTAIN])), on=revision),
        substantive(revision + 1),
        editorial(revision + 1),
        translated(revision + 1),
        ChangesCertified(revision),
        SilenceBroken(who),
        SilenceCancelled(),
        SilenceEnded(revision, AGREEMENT),
        ReceiptAcknowledged(who),
        PositionConfirmed(who, revision),
        PositionContested(who, revision),
        PositionDeclined(who, revision),
        PositionReaffirmed(who, revision),
        ObjectionLifted(who, revision),
        Sponsored(who, revision),
        decided(on=revision),
        ProposalConcluded(Outcome.LAPSED),
        ProposalWithdrawn(),
    ]
    given = st.sampled_from([Given.TAKE, Given.LIFT, Given.CONFIRM])
    elsewhere = [
        ProposalDeferred(None),
        ProposalDeferred(NEXT_EDITION),
        ProposalTakenUp(draw(st.sampled_from([EDITION, NEXT_EDITION]))),
        ProposalMerged(EARLIER),
        ProposalAbsorbed(EARLIER),
        ProposalSplit((EARLIER,)),
        StatementIssued(revision),
        AdoptionSetAside(revision, AGREEMENT, (who,)),
    ]
    beside = [
        RecordedOnBehalf(who, revision, draw(given), Stance.ENDORSE, None, "Letter", now, waits=True),
        RecordedOnBehalf(who, revision, Given.TAKE, Stance.OBJECT, None, "Letter", now - HOUR, waits=False),
        GivenActConfirmed(who, revision),
        GivenActDisowned(who, revision),
        ObjectionCameLate(who, revision, now),
        PositionFellAway(who, revision, now),
        StatementMade(1, who, StatementKind.EXPLANATION, revision, None, (USA, CHN)),
        StatementJoined(1, who),
    ]
    return draw(st.one_of(*map(st.sampled_from, (timed, untimed, elsewhere, beside))))
