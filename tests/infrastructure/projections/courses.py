"""Proposals that take any course: facts in any order, with any time between them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st
from msgspec import Struct

from domain.kernel import Fact
from domain.proposals.events import (
    ChangesCertified,
    ObjectionLifted,
    Outcome,
    PositionConfirmed,
    PositionContested,
    PositionDeclined,
    PositionReaffirmed,
    ProposalConcluded,
    ProposalWithdrawn,
    ReceiptAcknowledged,
    RevisionIssued,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceExtended,
    Sponsored,
    Stance,
)
from tests.domain.cast import AGREEMENT, MEMBERS, decided, editorial, substantive, tabled, took, translated, under_silence
from tests.infrastructure.projections.scene import DAY, HOUR


class Move(Struct, frozen=True):
    """Something that happens, so long after what happened before; at once, it belongs to the same command."""

    after: timedelta
    fact: Fact


MOMENTS: Final = st.sampled_from([timedelta(0), timedelta(microseconds=1), HOUR, DAY - HOUR, DAY, 3 * DAY, 5 * DAY])
DELEGATIONS: Final = st.sampled_from(sorted(MEMBERS))
PENDING: Final = {Stance.RESERVE, Stance.AD_REFERENDUM}


@st.composite
def courses(draw: st.DrawFn, start: datetime) -> Sequence[Move]:
    """From the tabling on. Revisions are numbered as they come; for the rest, anything may follow anything."""
    moves = [Move(HOUR, tabled())]
    revision, now = 0, start + moves[0].after
    for _ in range(draw(st.integers(0, 12))):
        after = draw(MOMENTS)
        now += after
        fact = draw(_facts(revision, now))
        revision += isinstance(fact, RevisionIssued)
        moves.append(Move(after, fact))
    return moves


@st.composite
def interleaved(draw: st.DrawFn, start: datetime) -> Sequence[tuple[int, Move]]:
    """Up to three proposals by turns, each with its number."""
    several = draw(st.lists(courses(start), min_size=1, max_size=3))
    order = draw(st.permutations([number for number, course in enumerate(several) for _ in course]))
    ahead = [iter(course) for course in several]
    return [(number, next(ahead[number])) for number in order]


@st.composite
def _facts(draw: st.DrawFn, revision: int, now: datetime) -> Fact:
    who, later = draw(DELEGATIONS), now + HOUR + draw(MOMENTS)
    stance = draw(st.sampled_from(Stance))
    return draw(
        st.sampled_from(
            [
                took(who, stance, on=revision, due=later if stance in PENDING else None),
                under_silence(later, on=revision),
                substantive(revision + 1),
                editorial(revision + 1),
                translated(revision + 1),
                ChangesCertified(revision),
                SilenceExtended(later),
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
        )
    )
