"""Where does this proposal stand? Its text, who stands where on which revision, and how far it is.

One function makes the answer from a folded proposal, for now and for any moment before; the same for the hot memory, a
replay and the list.
"""

from collections.abc import Iterator, Set
from datetime import datetime

from msgspec import Struct

from domain.identity import AgreementId, DelegationCode, EditionCode, FormatCode, Language, ProposalId, ProvisionId, ReleaseId
from domain.proposals.acts.releasing import waiting_for
from domain.proposals.events import Change, Given, Stance, StatementKind, Wider
from domain.proposals.proposal import (
    Adopted,
    Deferred,
    LateObjection,
    Merged,
    OnBehalf,
    Proposal,
    Revision,
    SetAside,
    Split,
    Statement,
    UnderSilence,
    settle,
)
from domain.proposals.standing import (
    Hold,
    Party,
    Standing,
    agreed_ad_referendum,
    closed_at,
    endorsing,
    objecting,
    parties,
    standings,
)
from domain.rules import Rules
from domain.text.provisions import ProvisionKind, numbered


class ProvisionShown(Struct, frozen=True):
    """A provision with the number under which it is quoted."""

    id: ProvisionId
    number: str
    kind: ProvisionKind
    text: dict[Language, str]


class RevisionShown(Struct, frozen=True):
    """The whole text at one number."""

    number: int
    fingerprint: str
    issued: datetime
    changes: dict[ProvisionId, Change]
    certified: bool
    reason: str | None
    """The penholder's."""
    provisions: tuple[ProvisionShown, ...]


class PositionShown(Struct, frozen=True):
    """A delegation's position, the revision it was taken on, and how it holds of the current one."""

    delegation: DelegationCode
    stance: Stance
    revision: int
    hold: Hold
    taken: datetime
    edition: EditionCode
    """In which it was taken: of a proposal that was deferred, perhaps an earlier year's."""
    due: datetime | None
    reason: str | None
    reservation: str | None
    signature: str | None
    """The delegation's own under the act by which it stands, if it signed that."""


class GivenShown(Struct, frozen=True):
    """What the secretary recorded on a delegation's behalf; it counts once the delegation confirms it."""

    delegation: DelegationCode
    act: Given
    stance: Stance | None
    revision: int
    due: datetime | None
    reason: str | None
    reservation: str | None
    reference: str
    received: datetime
    recorded: datetime


class LateShown(Struct, frozen=True):
    """An objection to what was adopted already."""

    delegation: DelegationCode
    received: datetime
    recorded: datetime
    reason: str | None
    signature: str | None


class StatementShown(Struct, frozen=True):
    """What a delegation, and those that joined it, say of the text."""

    number: int
    delegation: DelegationCode
    joined: tuple[DelegationCode, ...]
    invited: tuple[DelegationCode, ...]
    """Those that have not joined it."""
    kind: StatementKind
    revision: int
    provision: ProvisionId | None
    text: dict[Language, str]
    """Empty where it is withheld."""
    made: datetime


class SilenceShown(Struct, frozen=True):
    """A running silence."""

    revision: int
    opened: datetime
    deadline: datetime
    receipts: tuple[DelegationCode, ...]
    no_receipt: tuple[DelegationCode, ...]


class AdoptionShown(Struct, frozen=True):
    """An adoption, and who is party to the agreement, how."""

    revision: int
    at: datetime
    agreement: AgreementId
    by: str
    """silence or decision."""
    parties: tuple[Party, ...]


class SetAsideShown(Struct, frozen=True):
    """An adoption that was set aside: its agreement is void."""

    revision: int
    adopted: datetime
    agreement: AgreementId
    at: datetime
    reason: str | None


class ElsewhereShown(Struct, frozen=True):
    """Where the proposal comes from, and where it went on."""

    predecessor: ProposalId | None
    absorbed: tuple[ProposalId, ...]
    """What was merged into it."""
    merged_into: ProposalId | None
    parts: tuple[ProposalId, ...]
    deferred_to: EditionCode | None
    """Where a later edition was named."""
    editions: tuple[EditionCode, ...]
    """In which it was on the table, in order."""


class ConsentShown(Struct, frozen=True):
    """A delegation's consent to a release, and whether it may be named there."""

    delegation: DelegationCode
    attribution: bool


class ReleasingShown(Struct, frozen=True):
    """A release that was asked for: who consents, for whom it waits, and what it came to."""

    to: Wider
    asked: datetime
    consents: tuple[ConsentShown, ...]
    waiting_for: tuple[DelegationCode, ...]
    released: datetime | None
    release: ReleaseId | None


class ProposalStatus(Struct, frozen=True):
    """Where a proposal stands."""

    id: ProposalId
    number: str
    kind: str
    format: FormatCode
    edition: EditionCode
    status: str
    master: Language
    title: dict[Language, str]
    revision: int
    fingerprint: str
    issued: datetime
    changes: dict[ProvisionId, Change]
    certified: bool
    provisions: tuple[ProvisionShown, ...]
    sponsors: tuple[DelegationCode, ...]
    penholder: str
    """The main sponsor's code, or chair."""
    positions: tuple[PositionShown, ...]
    without_position: tuple[DelegationCode, ...]
    objections: tuple[DelegationCode, ...]
    endorsing: int
    """How many delegations endorse the current revision."""
    members: int
    agreed_ad_referendum: bool
    tabled: datetime
    effective: datetime
    closed: datetime | None
    silence: SilenceShown | None
    adoption: AdoptionShown | None
    set_aside: tuple[SetAsideShown, ...]
    on_behalf: tuple[GivenShown, ...]
    late_objections: tuple[LateShown, ...]
    statements: tuple[StatementShown, ...]
    elsewhere: ElsewhereShown
    releases: tuple[ReleasingShown, ...]


def status(proposal: Proposal, now: datetime, *, members: Set[DelegationCode], rules: Rules) -> ProposalStatus:
    """Where the proposal stands at ``now``: settled, with every position as it holds then."""
    settled = settle(proposal, now)
    held = standings(settled, now, certification=rules.editorial_certification)
    current = settled.current
    return ProposalStatus(
        id=settled.id,
        number=settled.number,
        kind=settled.kind,
        format=settled.format,
        edition=settled.edition,
        status=settled.status,
        master=settled.master,
        title=title(settled),
        revision=current.number,
        fingerprint=current.fingerprint,
        issued=current.issued,
        changes=current.changes,
        certified=current.certified,
        provisions=shown(current),
        sponsors=settled.sponsors,
        penholder=penholder(settled),
        positions=tuple(_position(settled, standing) for standing in held.values()),
        without_position=tuple(sorted(members - held.keys())),
        objections=objecting(held),
        endorsing=endorsing(held),
        members=len(members),
        agreed_ad_referendum=not settled.is_closed and agreed_ad_referendum(held, members),
        tabled=settled.tabled,
        effective=settled.effective,
        closed=closed_at(settled),
        silence=_silence(settled, members),
        adoption=_adoption(settled, members, rules),
        set_aside=tuple(_set_aside(aside) for aside in settled.set_aside),
        on_behalf=tuple(_given(delegation, given) for delegation, given in sorted(settled.on_behalf.items())),
        late_objections=tuple(_late(late) for late in settled.late),
        statements=tuple(show_statement(statement) for statement in settled.statements),
        elsewhere=_elsewhere(settled),
        releases=tuple(_releases(settled, frozenset(members))),
    )


def show_revision(revision: Revision) -> RevisionShown:
    """A revision."""
    return RevisionShown(
        number=revision.number,
        fingerprint=revision.fingerprint,
        issued=revision.issued,
        changes=revision.changes,
        certified=revision.certified,
        reason=revision.reason,
        provisions=shown(revision),
    )


def title(proposal: Proposal) -> dict[Language, str]:
    """The title of the current revision."""
    titles = [part.text for part in proposal.current.provisions if part.kind is ProvisionKind.TITLE]
    return titles[0] if titles else {}


def penholder(proposal: Proposal) -> str:
    """The main sponsor's code, or chair."""
    return "chair" if proposal.chair_holds_pen else str(proposal.main_sponsor)


def shown(revision: Revision) -> tuple[ProvisionShown, ...]:
    """The provisions of a revision, numbered."""
    provisions = revision.provisions
    numbers = numbered(provisions)
    return tuple(ProvisionShown(part.id, numbers[part.id], part.kind, part.text) for part in provisions)


def _position(proposal: Proposal, standing: Standing) -> PositionShown:
    taken = standing.position
    return PositionShown(
        delegation=taken.delegation,
        stance=taken.stance,
        revision=taken.revision,
        hold=standing.hold,
        taken=taken.taken,
        edition=proposal.edition_at(taken.taken),
        due=taken.due,
        reason=taken.reason,
        reservation=taken.reservation,
        signature=taken.signature,
    )


def _given(delegation: DelegationCode, given: OnBehalf) -> GivenShown:
    return GivenShown(
        delegation=delegation,
        act=given.act,
        stance=given.stance,
        revision=given.revision,
        due=given.due,
        reason=given.reason,
        reservation=given.reservation,
        reference=given.reference,
        received=given.received,
        recorded=given.recorded,
    )


def _late(late: LateObjection) -> LateShown:
    return LateShown(late.delegation, late.received, late.recorded, late.reason, late.signature)


def _set_aside(aside: SetAside) -> SetAsideShown:
    adopted = aside.adoption
    return SetAsideShown(adopted.revision, adopted.at, adopted.agreement, aside.at, aside.reason)


def show_statement(statement: Statement) -> StatementShown:
    """A statement."""
    return StatementShown(
        number=statement.number,
        delegation=statement.delegation,
        joined=statement.joined,
        invited=tuple(code for code in statement.invited if code not in statement.joined),
        kind=statement.kind,
        revision=statement.revision,
        provision=statement.provision,
        text=statement.text,
        made=statement.made,
    )


def _elsewhere(proposal: Proposal) -> ElsewhereShown:
    phase = proposal.phase
    return ElsewhereShown(
        predecessor=proposal.predecessor,
        absorbed=proposal.absorbed,
        merged_into=phase.into if isinstance(phase, Merged) else None,
        parts=phase.parts if isinstance(phase, Split) else (),
        deferred_to=phase.edition if isinstance(phase, Deferred) else None,
        editions=tuple(working.edition for working in proposal.worked),
    )


def _silence(proposal: Proposal, members: Set[DelegationCode]) -> SilenceShown | None:
    match proposal.phase:
        case UnderSilence() as silence:
            return SilenceShown(
                silence.revision,
                silence.opened,
                silence.deadline,
                tuple(sorted(silence.receipts)),
                tuple(sorted(members - silence.receipts)),
            )
        case _:
            return None


def _adoption(proposal: Proposal, members: Set[DelegationCode], rules: Rules) -> AdoptionShown | None:
    match proposal.phase:
        case Adopted() as adopted:
            return AdoptionShown(
                adopted.revision,
                adopted.at,
                adopted.agreement,
                "silence" if adopted.by_silence else "decision",
                parties(proposal, adopted, members, certification=rules.editorial_certification),
            )
        case _:
            return None


def _releases(proposal: Proposal, members: frozenset[DelegationCode]) -> Iterator[ReleasingShown]:
    for to, releasing in sorted(proposal.releases.items()):
        consents = tuple(ConsentShown(*consent) for consent in sorted(releasing.consents.items()))
        waiting = tuple(sorted(waiting_for(proposal, to, members)))
        yield ReleasingShown(to, releasing.asked, consents, waiting, releasing.released, releasing.release)
