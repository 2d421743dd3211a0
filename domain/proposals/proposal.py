"""What a proposal is: its text and revisions, who stands where, and how far it is.

``evolve`` is total and refuses nothing; ``settle`` is what the passing of time alone does. Both are used alike by a live
answer, a replay and a reaction, so that these never differ.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from domain.identity import AgreementId, DelegationCode, EditionCode, FormatCode, Language, ProposalId, ProvisionId
from domain.kernel import Fact, Recorded, earliest
from domain.proposals.events import (
    Change,
    ChangesCertified,
    ObjectionLifted,
    Outcome,
    PenHanded,
    PositionConfirmed,
    PositionContested,
    PositionDeclined,
    PositionReaffirmed,
    PositionTaken,
    ProposalConcluded,
    ProposalTabled,
    ProposalWithdrawn,
    PutToDecision,
    ReceiptAcknowledged,
    RevisionIssued,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceExtended,
    SilenceOpened,
    Sponsored,
    SponsorshipEnded,
    Stance,
)
from domain.text.provisions import Provision


class Revision(Struct, frozen=True):
    """The whole text at one number."""

    number: int
    provisions: tuple[Provision, ...]
    fingerprint: str
    issued: datetime
    changes: dict[ProvisionId, Change] = {}
    certified: bool = False

    def is_substantive(self, *, certification: bool) -> bool:
        """Whether it supersedes what was held of the revision before: editorial counts as such only once certified."""
        editorial_counts = self.certified or not certification
        marks = set(self.changes.values())
        return Change.SUBSTANTIVE in marks or (Change.EDITORIAL in marks and not editorial_counts)


class Position(Struct, frozen=True):
    """What a delegation took last, of the revision that it named."""

    delegation: DelegationCode
    revision: int
    stance: Stance
    taken: datetime
    due: datetime | None = None
    contested: bool = False


class Open(Struct, frozen=True, tag="open"):
    """On the table."""


class UnderSilence(Struct, frozen=True, tag="under-silence"):
    """Adopted at the deadline unless somebody breaks it."""

    revision: int
    opened: datetime
    deadline: datetime
    agreement: AgreementId
    receipts: frozenset[DelegationCode] = frozenset()


class Adopted(Struct, frozen=True, tag="adopted"):
    """Agreed, on this revision, at this instant."""

    revision: int
    at: datetime
    agreement: AgreementId
    by_silence: bool
    silence_opened: datetime | None = None


class Withdrawn(Struct, frozen=True, tag="withdrawn"):
    """Taken back by its main sponsor."""

    at: datetime


class Concluded(Struct, frozen=True, tag="concluded"):
    """Ended without agreement."""

    outcome: Outcome
    at: datetime


Phase = Open | UnderSilence | Adopted | Withdrawn | Concluded


class Proposal(Struct, frozen=True):
    """A proposal from its tabling on."""

    id: ProposalId
    number: str
    kind: str
    format: FormatCode
    edition: EditionCode
    master: Language
    revisions: tuple[Revision, ...]
    ids_given: int
    """How many provision ids exist, so that none is given twice."""
    sponsors: tuple[DelegationCode, ...]
    """The main sponsor first; empty where the chair tabled it."""
    chair_tabled: bool
    chair_holds_pen: bool
    tabled: datetime
    effective: datetime
    positions: dict[DelegationCode, Position] = {}
    phase: Phase = Open()
    acted_on: bool = False
    """Whether it was ever put to decision or under silence."""
    predecessor: ProposalId | None = None

    @property
    def current(self) -> Revision:
        """The revision that acts must name."""
        return self.revisions[-1]

    @property
    def main_sponsor(self) -> DelegationCode | None:
        """Who tabled it; None where the chair did."""
        return None if self.chair_tabled else self.sponsors[0]

    @property
    def status(self) -> str:
        """How far it is, in one word of the life cycle."""
        match self.phase:
            case Open():
                return "open"
            case UnderSilence():
                return "under-silence"
            case Adopted():
                return "adopted"
            case Withdrawn():
                return "withdrawn"
            case Concluded(outcome=outcome):
                return outcome.value
            case _:
                assert_never(self.phase)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more can happen to it."""
        return not isinstance(self.phase, Open | UnderSilence)


def settle(proposal: Proposal, now: datetime) -> Proposal:
    """What the passing of time alone does: an unbroken silence ends at its deadline in adoption.

    A position that falls due changes no phase; `standing` reads its date.
    """
    match proposal.phase:
        case UnderSilence(deadline=deadline) as silence if now >= deadline:
            adopted = Adopted(silence.revision, deadline, silence.agreement, by_silence=True, silence_opened=silence.opened)
            return replace(proposal, phase=adopted)
        case _:
            return proposal


def next_change(proposal: Proposal, now: datetime) -> datetime | None:
    """When time alone next changes something: a silence ends, a position falls due."""
    deadline = proposal.phase.deadline if isinstance(proposal.phase, UnderSilence) else None
    instants = [deadline, *(position.due for position in proposal.positions.values())]
    return earliest(instant for instant in instants if instant is not None and instant > now)


def evolve(proposal: Proposal | None, recorded: Recorded[Fact]) -> Proposal | None:
    """The proposal after a fact: settled at the fact's time first."""
    if proposal is None:
        match recorded.fact:
            case ProposalTabled() as tabled:
                return _tabled(tabled, recorded)
            case _:
                return None
    return _evolve(settle(proposal, recorded.at), recorded.fact, recorded.at)


def fold(facts: Iterable[Recorded[Fact]]) -> Proposal | None:
    """The proposal after all of these facts."""
    proposal: Proposal | None = None
    for recorded in facts:
        proposal = evolve(proposal, recorded)
    return proposal


def _tabled(fact: ProposalTabled, recorded: Recorded[Fact]) -> Proposal:
    proposal = Proposal(
        id=ProposalId(recorded.stream),
        number=fact.number,
        kind=fact.kind,
        format=fact.format,
        edition=fact.edition,
        master=fact.master,
        revisions=(Revision(0, fact.provisions, fact.fingerprint, recorded.at),),
        ids_given=len(fact.provisions),
        sponsors=() if fact.sponsor is None else (fact.sponsor,),
        chair_tabled=fact.sponsor is None,
        chair_holds_pen=fact.sponsor is None,
        tabled=recorded.at,
        effective=recorded.happened,
        predecessor=fact.predecessor,
    )
    return proposal if fact.sponsor is None else _endorsed(proposal, fact.sponsor, recorded.at)


def _evolve(proposal: Proposal, fact: Fact, at: datetime) -> Proposal:  # noqa: C901, PLR0912  one case a fact
    match fact:
        case RevisionIssued():
            return _revised(proposal, fact, at)
        case ChangesCertified(revision=number) if 0 <= number < len(proposal.revisions):
            return _certified(proposal, number)
        case Sponsored(delegation=delegation):
            sponsors = (*proposal.sponsors, delegation)
            return _endorsed(replace(proposal, sponsors=sponsors), delegation, at)
        case SponsorshipEnded(delegation=delegation):
            return replace(proposal, sponsors=tuple(s for s in proposal.sponsors if s != delegation))
        case PenHanded(holder=holder):
            return replace(proposal, chair_holds_pen=holder is None)
        case PositionTaken():
            taken = Position(fact.delegation, fact.revision, fact.stance, at, fact.due)
            return _with_position(proposal, taken)
        case PositionReaffirmed(delegation=delegation, revision=revision):
            return _restated(proposal, delegation, revision, at)
        case PositionContested(delegation=delegation) if delegation in proposal.positions:
            return _with_position(proposal, replace(proposal.positions[delegation], contested=True))
        case PositionConfirmed(delegation=delegation, revision=revision) if delegation in proposal.positions:
            return _with_position(proposal, confirmed(proposal.positions[delegation], revision, at))
        case PositionDeclined(delegation=delegation) | ObjectionLifted(delegation=delegation):
            return _without_position(proposal, delegation)
        case PutToDecision():
            return _put_to_decision(proposal, fact, at)
        case SilenceOpened():
            silence = UnderSilence(fact.revision, at, fact.deadline, fact.agreement)
            return replace(proposal, phase=silence, acted_on=True)
        case SilenceExtended(deadline=deadline) if isinstance(proposal.phase, UnderSilence):
            return replace(proposal, phase=replace(proposal.phase, deadline=deadline))
        case ReceiptAcknowledged(delegation=delegation) if isinstance(proposal.phase, UnderSilence):
            receipts = proposal.phase.receipts | {delegation}
            return replace(proposal, phase=replace(proposal.phase, receipts=receipts))
        case SilenceCancelled() | SilenceBroken() if isinstance(proposal.phase, UnderSilence):
            return replace(proposal, phase=Open())
        case ProposalWithdrawn():
            return replace(proposal, phase=Withdrawn(at))
        case ProposalConcluded(outcome=outcome):
            return replace(proposal, phase=Concluded(outcome, at))
        case SilenceEnded():
            return proposal  # it was adopted at its deadline, by `settle`
        case _:
            return proposal  # words beside an act: a reason, a reservation, a late objection


def _revised(proposal: Proposal, fact: RevisionIssued, at: datetime) -> Proposal:
    revision = Revision(fact.revision, fact.provisions, fact.fingerprint, at, fact.changes)
    known = {part.id for part in proposal.current.provisions}
    added = sum(part.id not in known for part in fact.provisions)
    after = replace(proposal, revisions=(*proposal.revisions, revision), ids_given=proposal.ids_given + added)
    return after if fact.penholder is None else _endorsed(after, fact.penholder, at)


def _certified(proposal: Proposal, number: int) -> Proposal:
    revisions = proposal.revisions
    certified = replace(revisions[number], certified=True)
    return replace(proposal, revisions=(*revisions[:number], certified, *revisions[number + 1 :]))


def _endorsed(proposal: Proposal, delegation: DelegationCode, at: datetime) -> Proposal:
    return _with_position(proposal, Position(delegation, proposal.current.number, Stance.ENDORSE, at))


def _restated(proposal: Proposal, delegation: DelegationCode, revision: int, at: datetime) -> Proposal:
    if (position := proposal.positions.get(delegation)) is None:
        return proposal
    return _with_position(proposal, replace(position, revision=revision, taken=at, contested=False))


def confirmed(position: Position, revision: int, at: datetime) -> Position:
    """What a pending position becomes: an endorsement stands, a reserve becomes no objection."""
    stance = Stance.ENDORSE if position.stance is Stance.AD_REFERENDUM else Stance.NO_OBJECTION
    return Position(position.delegation, revision, stance, at)


def _with_position(proposal: Proposal, position: Position) -> Proposal:
    return replace(proposal, positions={**proposal.positions, position.delegation: position})


def _without_position(proposal: Proposal, delegation: DelegationCode) -> Proposal:
    return replace(proposal, positions={d: p for d, p in proposal.positions.items() if d != delegation})


def _put_to_decision(proposal: Proposal, fact: PutToDecision, at: datetime) -> Proposal:
    if not fact.adopted or fact.agreement is None:
        return replace(proposal, acted_on=True)
    adopted = Adopted(fact.revision, at, fact.agreement, by_silence=False)
    return replace(proposal, phase=adopted, acted_on=True)
