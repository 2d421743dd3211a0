"""What a proposal is: its text and revisions, who stands where, and how far it is.

``evolve`` is total and refuses nothing; ``settle`` is what the passing of time alone does. Both are used alike by a live
answer, a replay and a reaction, so that these never differ.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from domain.identity import (
    AgreementId,
    DelegationCode,
    EditionCode,
    FormatCode,
    KeyId,
    Language,
    ProposalId,
    ProvisionId,
    ReleaseId,
)
from domain.kernel import Fact, Recorded, earliest
from domain.proposals.events import (
    AdoptionSetAside,
    Change,
    ChangesCertified,
    Given,
    GivenActConfirmed,
    GivenActDisowned,
    ObjectionCameLate,
    ObjectionLifted,
    Outcome,
    PenHanded,
    PositionConfirmed,
    PositionContested,
    PositionDeclined,
    PositionReaffirmed,
    PositionTaken,
    ProposalAbsorbed,
    ProposalConcluded,
    ProposalDeferred,
    ProposalMerged,
    ProposalReleased,
    ProposalSplit,
    ProposalTabled,
    ProposalTakenUp,
    ProposalWithdrawn,
    PutToDecision,
    ReasonGiven,
    ReceiptAcknowledged,
    RecordedOnBehalf,
    ReleaseAsked,
    ReleaseConsented,
    ReleaseConsentWithdrawn,
    ReservationMade,
    RevisionIssued,
    SilenceBroken,
    SilenceCancelled,
    SilenceEnded,
    SilenceExtended,
    SilenceOpened,
    Sponsored,
    SponsorshipEnded,
    Stance,
    StatementIssued,
    StatementJoined,
    StatementKind,
    StatementMade,
    StatementWorded,
    Wider,
)
from domain.record.signedact import spent
from domain.text.provisions import Provision


class Revision(Struct, frozen=True):
    """The whole text at one number."""

    number: int
    provisions: tuple[Provision, ...]
    fingerprint: str
    issued: datetime
    changes: dict[ProvisionId, Change] = {}
    certified: bool = False
    reason: str | None = None
    """The penholder's."""

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
    reason: str | None = None
    reservation: str | None = None
    signature: str | None = None
    """Of the act by which it stands, where that was signed."""


class OnBehalf(Struct, frozen=True):
    """What the secretary recorded on a delegation's behalf, and the delegation has not confirmed."""

    act: Given
    revision: int
    stance: Stance | None
    due: datetime | None
    reference: str
    received: datetime
    recorded: datetime
    reason: str | None = None
    reservation: str | None = None


class LateObjection(Struct, frozen=True):
    """An objection to what was adopted already."""

    delegation: DelegationCode
    recorded: datetime
    received: datetime
    reason: str | None = None
    signature: str | None = None


class Statement(Struct, frozen=True):
    """What a delegation, and those that joined it, say of the text."""

    number: int
    delegation: DelegationCode
    kind: StatementKind
    revision: int
    provision: ProvisionId | None
    invited: tuple[DelegationCode, ...]
    made: datetime
    joined: tuple[DelegationCode, ...] = ()
    text: dict[Language, str] = {}
    """Empty where it is withheld."""


class Releasing(Struct, frozen=True):
    """That a text may be given to a wider audience: asked, consented to by some, done."""

    asked: datetime
    consents: dict[DelegationCode, bool] = {}
    """Who consents, and whether it may be named."""
    release: ReleaseId | None = None
    """None until it happened."""
    released: datetime | None = None


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


class Issued(Struct, frozen=True, tag="issued"):
    """A chair's statement, issued on the chair's responsibility. It is no agreement."""

    revision: int
    at: datetime


class Deferred(Struct, frozen=True, tag="deferred"):
    """To go on in a later edition: not closed, but nothing is done with it until it is taken up again."""

    since: datetime
    edition: EditionCode | None


class Merged(Struct, frozen=True, tag="merged"):
    """It went on in another."""

    into: ProposalId
    at: datetime


class Split(Struct, frozen=True, tag="split"):
    """It went on in parts."""

    parts: tuple[ProposalId, ...]
    at: datetime


class Withdrawn(Struct, frozen=True, tag="withdrawn"):
    """Taken back by its main sponsor."""

    at: datetime


class Concluded(Struct, frozen=True, tag="concluded"):
    """Ended without agreement."""

    outcome: Outcome
    at: datetime


Phase = Open | UnderSilence | Adopted | Issued | Deferred | Merged | Split | Withdrawn | Concluded


class SetAside(Struct, frozen=True):
    """An adoption that was set aside: its agreement is void, and shown."""

    adoption: Adopted
    at: datetime
    reason: str | None = None


class Working(Struct, frozen=True):
    """An edition in which the proposal was on the table, and since when."""

    edition: EditionCode
    since: datetime


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
    worked: tuple[Working, ...] = ()
    """The editions in which it was on the table, the one of its tabling first."""
    absorbed: tuple[ProposalId, ...] = ()
    """What was merged into it."""
    on_behalf: dict[DelegationCode, OnBehalf] = {}
    late: tuple[LateObjection, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    statements: tuple[Statement, ...] = ()
    sittings: tuple[tuple[EditionCode, int], ...] = ()
    """Those that it was put to."""
    releases: dict[Wider, Releasing] = {}
    """Of the outcome that it has, or that a silence will bring."""
    spent: frozenset[tuple[KeyId, str]] = frozenset()
    """By what acts on it were signed: each key and nonce is accepted once."""

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
            case Issued():
                return "issued"
            case Deferred():
                return "deferred"
            case Merged():
                return "merged"
            case Split():
                return "split"
            case Withdrawn():
                return "withdrawn"
            case Concluded(outcome=outcome):
                return outcome.value
            case _:
                assert_never(self.phase)

    @property
    def is_closed(self) -> bool:
        """Whether it has its outcome. A deferred one has none: it is taken up again."""
        return not isinstance(self.phase, Open | UnderSilence | Deferred)

    @property
    def has_outcome(self) -> bool:
        """Whether it ended as a text of its own: what went on in another, or was withdrawn, did not."""
        return isinstance(self.phase, Adopted | Issued | Concluded)

    def edition_at(self, moment: datetime) -> EditionCode:
        """In which edition it was on the table then."""
        return next((working.edition for working in reversed(self.worked) if working.since <= moment), self.edition)

    @property
    def taken_up(self) -> datetime | None:
        """When it was last taken up again."""
        return self.worked[-1].since if len(self.worked) > 1 else None


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
    after = _evolve(settle(proposal, recorded.at), recorded.fact, recorded.at)
    return after if recorded.signature is None else _signed(after, recorded)


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
        worked=(Working(fact.edition, recorded.at),),
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
            return replace(proposal, sponsors=_without(proposal.sponsors, delegation))
        case PenHanded(holder=holder):
            return replace(proposal, chair_holds_pen=holder is None)
        case PositionTaken():
            taken = Position(fact.delegation, fact.revision, fact.stance, at, fact.due)
            return _with_position(proposal, taken)
        case PositionReaffirmed(delegation=delegation, revision=revision):
            return _restated(proposal, delegation, revision, at)
        case PositionContested(delegation=delegation) if delegation in proposal.positions:
            return _with_position(proposal, replace(proposal.positions[delegation], contested=True, reason=None))
        case PositionConfirmed(delegation=delegation, revision=revision) if delegation in proposal.positions:
            return _with_position(proposal, confirmed(proposal.positions[delegation], revision, at))
        case PositionDeclined(delegation=delegation) | ObjectionLifted(delegation=delegation):
            return _without_position(proposal, delegation)
        case ReasonGiven() | ReservationMade():
            return _worded(proposal, fact, at)
        case RecordedOnBehalf():
            return _recorded_on_behalf(proposal, fact, at)
        case GivenActConfirmed(delegation=delegation) | GivenActDisowned(delegation=delegation):
            return _without_given(proposal, delegation)
        case ObjectionCameLate(delegation=delegation):
            return _with_late(proposal, LateObjection(delegation, at, at))
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
            return replace(proposal, phase=Open(), releases={})
        case AdoptionSetAside() if isinstance(proposal.phase, Adopted):
            return _set_aside(proposal, proposal.phase, fact, at)
        case StatementIssued(revision=revision):
            return replace(proposal, phase=Issued(revision, at))
        case ProposalDeferred(edition=edition):
            return replace(proposal, phase=Deferred(at, edition))
        case ProposalTakenUp(edition=edition):
            worked = (*proposal.worked, Working(edition, at))
            return replace(proposal, phase=Open(), edition=edition, worked=worked)
        case ProposalMerged(into=into):
            return replace(proposal, phase=Merged(into, at))
        case ProposalAbsorbed(merged=merged):
            return replace(proposal, absorbed=(*proposal.absorbed, merged))
        case ProposalSplit(parts=parts):
            return replace(proposal, phase=Split(parts, at))
        case StatementMade():
            return replace(proposal, statements=(*proposal.statements, _statement(fact, at)))
        case StatementWorded(statement=number, text=text) if 0 < number <= len(proposal.statements):
            return _with_statement(proposal, replace(proposal.statements[number - 1], text=text))
        case StatementJoined(statement=number, delegation=delegation) if 0 < number <= len(proposal.statements):
            before = proposal.statements[number - 1]
            return _with_statement(proposal, replace(before, joined=(*before.joined, delegation)))
        case ProposalWithdrawn():
            return replace(proposal, phase=Withdrawn(at))
        case ProposalConcluded(outcome=outcome):
            return replace(proposal, phase=Concluded(outcome, at))
        case ReleaseAsked(to=to):
            return _with_releasing(proposal, to, Releasing(at))
        case ReleaseConsented() | ReleaseConsentWithdrawn() | ProposalReleased() if fact.to in proposal.releases:
            return _with_releasing(proposal, fact.to, _releasing(proposal.releases[fact.to], fact, at))
        case SilenceEnded():
            return proposal  # it was adopted at its deadline, by `settle`
        case _:
            return proposal  # what stands beside an act, and what time alone did


def _signed(proposal: Proposal, recorded: Recorded[Fact]) -> Proposal:
    """An act was signed: so is the position that came of it, and that signature is not accepted again."""
    used = spent(recorded.signature)
    after = replace(proposal, spent=proposal.spent if used is None else proposal.spent | {used})
    match recorded.fact:
        case (
            PositionTaken(delegation=delegation)
            | PositionReaffirmed(delegation=delegation)
            | PositionConfirmed(delegation=delegation)
            | Sponsored(delegation=delegation)
        ) if delegation in after.positions:
            return _held(after, replace(after.positions[delegation], signature=recorded.signature))
        case ObjectionCameLate() if after.late:
            return replace(after, late=(*after.late[:-1], replace(after.late[-1], signature=recorded.signature)))
        case _:
            return after


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
    why = None if position.contested else position.reason  # that of the contest goes with it
    restated = replace(position, revision=revision, taken=at, contested=False, reason=why, signature=None)
    return _with_position(proposal, restated)


def confirmed(position: Position, revision: int, at: datetime) -> Position:
    """What a pending position becomes: an endorsement stands, a reserve becomes no objection."""
    stance = Stance.ENDORSE if position.stance is Stance.AD_REFERENDUM else Stance.NO_OBJECTION
    return Position(position.delegation, revision, stance, at)


def _with_position(proposal: Proposal, position: Position) -> Proposal:
    """Whatever was recorded on the delegation's behalf is overtaken by what it does."""
    after = _without_given(proposal, position.delegation)
    return replace(after, positions={**proposal.positions, position.delegation: position})


def _without_position(proposal: Proposal, delegation: DelegationCode) -> Proposal:
    after = _without_given(proposal, delegation)
    return replace(after, positions={d: p for d, p in proposal.positions.items() if d != delegation})


def _without_given(proposal: Proposal, delegation: DelegationCode) -> Proposal:
    if delegation not in proposal.on_behalf:
        return proposal
    return replace(proposal, on_behalf={d: given for d, given in proposal.on_behalf.items() if d != delegation})


def _without(delegations: tuple[DelegationCode, ...], delegation: DelegationCode) -> tuple[DelegationCode, ...]:
    return tuple(one for one in delegations if one != delegation)


def _worded(proposal: Proposal, fact: ReasonGiven | ReservationMade, at: datetime) -> Proposal:
    """Words belong to the act of the same instant: all facts of a command share one, and no two commands in a book do."""
    match fact:
        case ReasonGiven(text=text) if proposal.set_aside and proposal.set_aside[-1].at == at:
            last = replace(proposal.set_aside[-1], reason=text)
            return replace(proposal, set_aside=(*proposal.set_aside[:-1], last))
        case ReasonGiven(text=text) if proposal.late and proposal.late[-1].recorded == at:
            return replace(proposal, late=(*proposal.late[:-1], replace(proposal.late[-1], reason=text)))
        case ReasonGiven(text=text) if proposal.current.issued == at:
            return replace(proposal, revisions=(*proposal.revisions[:-1], replace(proposal.current, reason=text)))
        case ReasonGiven(delegation=str() as delegation, text=text) if delegation in proposal.on_behalf:
            return _given(proposal, delegation, replace(proposal.on_behalf[delegation], reason=text))
        case ReasonGiven(delegation=str() as delegation, text=text) if delegation in proposal.positions:
            return _held(proposal, replace(proposal.positions[delegation], reason=text))
        case ReservationMade(delegation=delegation, text=text) if delegation in proposal.on_behalf:
            return _given(proposal, delegation, replace(proposal.on_behalf[delegation], reservation=text))
        case ReservationMade(delegation=delegation, text=text) if delegation in proposal.positions:
            return _held(proposal, replace(proposal.positions[delegation], reservation=text))
        case _:
            return proposal


def _held(proposal: Proposal, position: Position) -> Proposal:
    return replace(proposal, positions={**proposal.positions, position.delegation: position})


def _given(proposal: Proposal, delegation: DelegationCode, given: OnBehalf) -> Proposal:
    return replace(proposal, on_behalf={**proposal.on_behalf, delegation: given})


def _recorded_on_behalf(proposal: Proposal, fact: RecordedOnBehalf, at: datetime) -> Proposal:
    if fact.waits:
        given = OnBehalf(fact.act, fact.revision, fact.stance, fact.due, fact.reference, fact.received, at)
        return _given(proposal, fact.delegation, given)
    if isinstance(proposal.phase, Adopted):
        return _with_late(proposal, LateObjection(fact.delegation, at, fact.received))
    return proposal


def _with_late(proposal: Proposal, late: LateObjection) -> Proposal:
    """Recorded on behalf, an objection is noted once, as received."""
    if any(one.delegation == late.delegation and one.recorded == late.recorded for one in proposal.late):
        return proposal
    return replace(proposal, late=(*proposal.late, late))


def received_in_time(proposal: Proposal, adopted: Adopted) -> Iterator[LateObjection]:
    """Objections received before this adoption, and recorded after it; earlier ones were weighed then."""
    return (late for late in proposal.late if late.received < adopted.at <= late.recorded)


def _set_aside(proposal: Proposal, adopted: Adopted, fact: AdoptionSetAside, at: datetime) -> Proposal:
    after = replace(proposal, phase=Open(), set_aside=(*proposal.set_aside, SetAside(adopted, at)), releases={})
    reasons = {late.delegation: late.reason for late in received_in_time(proposal, adopted)}
    for delegation in fact.objecting:
        standing = Position(delegation, fact.revision, Stance.OBJECT, at, reason=reasons.get(delegation))
        after = _with_position(after, standing)
    return after


def _with_releasing(proposal: Proposal, to: Wider, releasing: Releasing) -> Proposal:
    return replace(proposal, releases={**proposal.releases, to: releasing})


def _releasing(
    before: Releasing, fact: ReleaseConsented | ReleaseConsentWithdrawn | ProposalReleased, at: datetime
) -> Releasing:
    match fact:
        case ReleaseConsented(delegation=delegation, attribution=attribution):
            return replace(before, consents={**before.consents, delegation: attribution})
        case ReleaseConsentWithdrawn(delegation=delegation):
            return replace(before, consents={d: named for d, named in before.consents.items() if d != delegation})
        case ProposalReleased(release=release):
            return replace(before, release=release, released=at)


def _statement(fact: StatementMade, at: datetime) -> Statement:
    return Statement(fact.statement, fact.delegation, fact.kind, fact.revision, fact.provision, fact.invited, made=at)


def _with_statement(proposal: Proposal, statement: Statement) -> Proposal:
    place = statement.number - 1
    return replace(proposal, statements=(*proposal.statements[:place], statement, *proposal.statements[place + 1 :]))


def _put_to_decision(proposal: Proposal, fact: PutToDecision, at: datetime) -> Proposal:
    sittings = (*proposal.sittings, (proposal.edition, fact.sitting))
    after = replace(proposal, acted_on=True, sittings=sittings)
    if not fact.adopted or fact.agreement is None:
        return after
    return replace(after, phase=Adopted(fact.revision, at, fact.agreement, by_silence=False))
