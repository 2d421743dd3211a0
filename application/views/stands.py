"""How does a proposal stand in an edition, as far as figures know?

Figures care for little of what happens to it. Of positions they know only how they hold when it closes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from domain.identity import DelegationCode, EditionCode, FormatCode, ProposalId
from domain.progress.agreement import Leaning
from domain.proposals.events import Stance
from domain.proposals.proposal import Proposal, UnderSilence, settle
from domain.proposals.standing import standings
from domain.rules import Rules

LEANINGS: Final = {
    Stance.ENDORSE: Leaning.FOR,
    Stance.WITH_RESERVATION: Leaning.FOR,
    Stance.AD_REFERENDUM: Leaning.FOR,
    Stance.NO_OBJECTION: Leaning.NEITHER,
    Stance.ABSTAIN: Leaning.NEITHER,
    Stance.DISSOCIATE: Leaning.NEITHER,
    Stance.OBJECT: Leaning.AGAINST,
}
"""A reserve awaits instructions: it is no position yet."""


class Stands(Struct, frozen=True):
    """How a proposal stands in an edition, as far as figures know."""

    proposal: ProposalId
    edition: EditionCode
    """Where it is on the table, or was when it had its outcome."""
    tabled_in: EditionCode
    kind: str
    format: FormatCode
    sponsors: tuple[DelegationCode, ...]
    status: str
    acted_on: bool
    revisions: int
    """After the one that was tabled."""
    tabled: datetime
    """When that is said to have happened."""
    members: tuple[DelegationCode, ...] = ()
    """Of the format; none until it is closed."""
    leanings: tuple[Leaning | None, ...] = ()
    """How each of them stood on the last revision when it closed."""


def course(
    proposal: Proposal, since: datetime, *, members: Iterable[DelegationCode], rules: Rules
) -> tuple[tuple[datetime, Stands], ...]:
    """How it stands from an instant on, and from the end of its silence on, if one runs."""
    settled = settle(proposal, since)
    moments = [since, settled.phase.deadline] if isinstance(settled.phase, UnderSilence) else [since]
    return tuple((moment, _stands(settle(settled, moment), moment, sorted(members), rules)) for moment in moments)


def _stands(settled: Proposal, now: datetime, members: Sequence[DelegationCode], rules: Rules) -> Stands:
    closed = settled.is_closed
    return Stands(
        proposal=settled.id,
        edition=settled.edition,
        tabled_in=settled.worked[0].edition,
        kind=settled.kind,
        format=settled.format,
        sponsors=settled.sponsors,
        status=settled.status,
        acted_on=settled.acted_on,
        revisions=settled.current.number,
        tabled=settled.effective,
        members=tuple(members) if closed else (),
        leanings=_leanings(settled, now, members, rules) if closed else (),
    )


def _leanings(settled: Proposal, now: datetime, members: Sequence[DelegationCode], rules: Rules) -> tuple[Leaning | None, ...]:
    held = standings(settled, now, certification=rules.editorial_certification)
    counting = {code: LEANINGS.get(standing.stance) for code, standing in held.items() if standing.counts}
    return tuple(counting.get(code) for code in members)
