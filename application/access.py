"""Who may do what, and who may read which book: product.md's table, and nothing else decides it.

A person acts in one capacity at a time. Who chairs an agenda acts there for no delegation meanwhile.
"""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from msgspec import Struct

from domain.conferences import commands as conference
from domain.drafts import commands as draft
from domain.erasures import commands as erasure
from domain.forum import commands as forum
from domain.forum.events import Audience, AudienceKind, Role
from domain.forum.people import Book
from domain.identity import CredentialId, DelegationCode, EditionCode, FormatCode, PersonId
from domain.kernel import Command, Refusal
from domain.prepared.prepared import PrepareAct
from domain.proposals import commands as proposal


class Capacity(StrEnum):
    """In what capacity a person acts."""

    HEAD = "head"
    ALTERNATE = "alternate"
    DELEGATE = "delegate"
    ADVISER = "adviser"
    CHAIR = "chair"
    SECRETARY = "secretary"


BINDING: Final = frozenset({Capacity.HEAD, Capacity.ALTERNATE})
DELEGATION: Final = BINDING | {Capacity.DELEGATE, Capacity.ADVISER}
HEAD: Final = frozenset({Capacity.HEAD})
CHAIR: Final = frozenset({Capacity.CHAIR})
SECRETARY: Final = frozenset({Capacity.SECRETARY})

MAY: Final[dict[type[Command], Set[Capacity]]] = {
    # drafts and prepared acts: all of a delegation; the chair and the secretary their own
    draft.WriteDraft: DELEGATION | CHAIR | SECRETARY,
    draft.ShareDraft: DELEGATION,
    draft.DiscardDraft: DELEGATION | CHAIR | SECRETARY,
    draft.TableDraft: BINDING | CHAIR,
    PrepareAct: DELEGATION,
    # what binds a delegation
    proposal.Sponsor: BINDING,
    proposal.EndSponsorship: BINDING,
    proposal.HandPen: BINDING,
    proposal.Withdraw: BINDING | CHAIR,
    proposal.Revise: BINDING | CHAIR,
    proposal.TakePosition: BINDING,
    proposal.Reaffirm: BINDING,
    proposal.Contest: BINDING,
    proposal.Lift: BINDING,
    proposal.Confirm: BINDING,
    proposal.Decline: BINDING,
    proposal.AcknowledgeReceipt: BINDING,
    proposal.Merge: BINDING | CHAIR,
    proposal.Split: BINDING | CHAIR,
    proposal.MakeStatement: BINDING,
    proposal.JoinStatement: BINDING,
    proposal.ConfirmGiven: BINDING,
    proposal.DisownGiven: BINDING,
    proposal.AskRelease: BINDING | CHAIR,
    proposal.ConsentToRelease: BINDING,
    proposal.WithdrawReleaseConsent: BINDING,
    # the chair's
    proposal.TableProposal: CHAIR,
    # the chair's, or the secretary's on the chair's recorded instruction
    proposal.CertifyChanges: CHAIR | SECRETARY,
    proposal.PutToSitting: CHAIR | SECRETARY,
    proposal.OpenSilence: CHAIR | SECRETARY,
    proposal.ExtendSilence: CHAIR | SECRETARY,
    proposal.CancelSilence: CHAIR | SECRETARY,
    proposal.SetAside: CHAIR | SECRETARY,
    proposal.Issue: CHAIR | SECRETARY,
    proposal.Defer: CHAIR | SECRETARY,
    proposal.TakeUp: CHAIR | SECRETARY,
    proposal.Conclude: CHAIR | SECRETARY,
    conference.CloseAgenda: CHAIR | SECRETARY,
    # the secretary's
    proposal.RecordOnBehalf: SECRETARY,
    forum.AdmitDelegation: SECRETARY,
    forum.DefineFormat: SECRETARY,
    forum.AppointSecretary: SECRETARY,
    forum.EndSecretary: SECRETARY,
    conference.AnnounceEdition: SECRETARY,
    conference.OpenEdition: SECRETARY,
    conference.CloseEdition: SECRETARY,
    conference.PostponeEdition: SECRETARY,
    conference.CancelEdition: SECRETARY,
    conference.AppointChair: SECRETARY,
    conference.ConveneSitting: SECRETARY,
    conference.MarkAttendance: SECRETARY,
    # the head's
    forum.IssueCredential: HEAD | SECRETARY,
    forum.EndCredential: HEAD,
    forum.RegisterKey: HEAD,
    forum.EndKey: HEAD,
    forum.ConsentToReader: HEAD,
    forum.EndReader: HEAD,
    erasure.AskErasure: HEAD | SECRETARY,
    erasure.ApproveErasure: HEAD,
}


@dataclass(eq=False)
class MayNot(Refusal):
    """The act is somebody else's."""

    code: ClassVar[str] = "may-not"
    sentence: ClassVar[str] = "This act is for: {capacities}. You act here as: {yours}."
    capacities: tuple[str, ...]
    yours: tuple[str, ...]


@dataclass(eq=False)
class OwnPositionOnly(Refusal):
    """A delegation acts for itself (59)."""

    code: ClassVar[str] = "own-position-only"
    sentence: ClassVar[str] = "This is about the position of {delegation}; you act for {yours}."
    delegation: str
    yours: str


@dataclass(eq=False)
class InstructionWrong(Refusal):
    """The secretary does what is the chair's on the chair's recorded instruction."""

    code: ClassVar[str] = "instruction-wrong"
    sentence: ClassVar[str] = "The secretary names the reference of the chair's instruction, and nobody else does."


class Acting(Struct, frozen=True):
    """A person in a capacity; for a delegation under a credential, which the act keeps."""

    person: PersonId
    capacity: Capacity
    delegation: DelegationCode | None = None
    credential: CredentialId | None = None


class Office(Struct, frozen=True):
    """A credential that a person holds now."""

    delegation: DelegationCode
    credential: CredentialId
    role: Role


class Person(Struct, frozen=True):
    """All that a person is in the forum now; the public is the person without id or office."""

    id: PersonId | None = None
    offices: tuple[Office, ...] = ()
    chairs: frozenset[tuple[EditionCode, FormatCode]] = frozenset()
    """The agendas that the person chairs."""
    is_secretary: bool = False

    def capacities(self, *, members: Set[DelegationCode] | None, chair: PersonId | None) -> tuple[Acting, ...]:
        """In what capacities the person can act where these delegations sit and this person chairs.

        ``members`` None: any delegation.
        """
        if self.id is None:
            return ()
        acting: list[Acting] = []
        if chair == self.id:
            acting.append(Acting(self.id, Capacity.CHAIR))
        else:
            acting.extend(
                Acting(self.id, Capacity(office.role), office.delegation, office.credential)
                for office in self.offices
                if members is None or office.delegation in members
            )
        if self.is_secretary:
            acting.append(Acting(self.id, Capacity.SECRETARY))
        return tuple(acting)


def act_as(command: type[Command], capacities: tuple[Acting, ...]) -> Acting:
    """The capacity in which the person may do this. Refuses where there is none."""
    for acting in capacities:
        if acting.capacity in MAY[command]:
            return acting
    raise MayNot(
        tuple(sorted(MAY[command])),
        tuple(sorted({acting.capacity for acting in capacities})) or ("nobody",),
    )


def instructed(acting: Acting, reference: str | None) -> str | None:
    """The reference of the chair's instruction, where the secretary does what is the chair's. Refuses where it is missing."""
    said = bool(reference and reference.strip())
    if said is not (acting.capacity is Capacity.SECRETARY):
        raise InstructionWrong
    return reference


def may_read(person: Person, book: Book, delegations: Set[DelegationCode]) -> bool:
    """Whether the book is open to the person: of its audience, or let in by each member of it.

    ``delegations``: all of the forum's.
    """
    audience = book.audience
    mine = {office.delegation for office in person.offices}
    match audience.kind:
        case AudienceKind.PUBLIC:
            return True
        case AudienceKind.FORUM:
            inside = bool(mine) or bool(person.chairs) or person.is_secretary
            return inside or _let_in(person, book, delegations)
        case AudienceKind.FORMAT:
            inside = (
                not mine.isdisjoint(audience.members)
                or any(format_ == audience.format for _, format_ in person.chairs)
                or person.is_secretary
            )
            return inside or _let_in(person, book, set(audience.members))
        case AudienceKind.DELEGATIONS:
            return not mine.isdisjoint(audience.members) or _let_in(person, book, set(audience.members))
        case AudienceKind.SECRETARIAT:
            return person.is_secretary or bool(person.chairs)


def members_of(audience: Audience, delegations: Set[DelegationCode]) -> Set[DelegationCode]:
    """Whose book it is: of all delegations where the forum or the public reads, of none where the secretariat does.

    ``delegations``: all of the forum's.
    """
    if audience.kind in {AudienceKind.PUBLIC, AudienceKind.FORUM}:
        return delegations
    return frozenset(audience.members)


def _let_in(person: Person, book: Book, members: Set[DelegationCode]) -> bool:
    consents = book.consents.get(person.id) if person.id is not None else None
    return consents is not None and consents >= members
