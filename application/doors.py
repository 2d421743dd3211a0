"""The doors at which a delegation's acts on a proposal are handed in: what is said there, and the command that it is.

Endorsements, objections and the other stances are all positions: three doors, one list. An act prepared for the head names
its door, and is sent through it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from domain.identity import DelegationCode, KeyId
from domain.kernel import Instant
from domain.proposals.acts.on_behalf import GivenAct
from domain.proposals.commands import (
    AcknowledgeReceipt,
    AskRelease,
    Confirm,
    ConsentToRelease,
    Contest,
    Decline,
    EndSponsorship,
    HandPen,
    Lift,
    MakeStatement,
    ProposalCommand,
    Reaffirm,
    RecordOnBehalf,
    Revise,
    Sponsor,
    TakePosition,
    Withdraw,
    WithdrawReleaseConsent,
)
from domain.proposals.events import Stance
from domain.proposals.refusals import ReferenceMissing
from domain.record.signedact import NONCE, ActSignature


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """A delegation's own signature under its act, made with a key that it registered for its acts."""

    key: KeyId
    signed_at: Instant
    nonce: Annotated[str, Meta(pattern=f"^{NONCE.pattern}$")]
    value: bytes
    """Its octets, in base64."""


class Signable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Said by a delegation for itself, with its signature if it signs."""

    signature: Signature | None = None


class Said(Signable, frozen=True, kw_only=True):
    """Said by a delegation for itself; or, with a reference, by the secretary, who records what a delegation gave."""

    reference: str | None = None
    """Where it was given: a letter, a sitting."""
    received: Instant | None = None
    """When it was received; as it is recorded, where nothing is said."""


class Position(Said, frozen=True, kw_only=True):
    """At a door that names no delegation."""

    on_behalf_of: DelegationCode | None = None


class Endorsement(Position, frozen=True):
    """An endorsement: with the words of a reservation, or to be confirmed until a date, where it is one of these."""

    revision: int
    reservation: str | None = None
    ad_referendum_until: datetime | None = None


class Objection(Position, frozen=True):
    """An objection, with its reason; or undisclosed, told to the chair in person."""

    revision: int
    reason: str | None = None
    undisclosed: bool = False


class OtherPosition(Position, frozen=True):
    """A stance that neither endorses nor objects."""

    revision: int
    stance: Literal["no-objection", "reserve", "abstain", "dissociate"]
    due: datetime | None = None


class Restated(Said, frozen=True):
    """That a position is reaffirmed, lifted, confirmed or declined, of the current revision."""

    revision: int


class Answered(Signable, frozen=True):
    """What a delegation says, on the current revision, to what was recorded on its behalf."""

    revision: int


class Contested(Said, frozen=True):
    """That a change did matter."""

    revision: int
    reason: str | None = None


def endorsement(said: Endorsement) -> TakePosition:
    """The stance that an endorsement is."""
    stance = Stance.ENDORSE
    if said.reservation is not None:
        stance = Stance.WITH_RESERVATION
    if said.ad_referendum_until is not None:
        stance = Stance.AD_REFERENDUM
    return TakePosition(said.revision, stance, due=said.ad_referendum_until, reservation=said.reservation)


def objection(said: Objection) -> TakePosition:
    """The stance that an objection is."""
    return TakePosition(said.revision, Stance.OBJECT, reason=said.reason, undisclosed=said.undisclosed)


def other_position(said: OtherPosition) -> TakePosition:
    """The stance that it names."""
    return TakePosition(said.revision, Stance(said.stance), due=said.due)


def signed(said: Signable) -> ActSignature | None:
    """The signature that came with it."""
    given = said.signature
    return None if given is None else ActSignature(given.key, given.signed_at, given.nonce, given.value)


def given(act: GivenAct, said: Said, delegation: DelegationCode | None) -> GivenAct | RecordOnBehalf:
    """The act itself; or, where its reference is named, that the secretary records it. Refuses what is named by half."""
    if said.reference is None and said.received is None and getattr(said, "on_behalf_of", None) is None:
        return act
    if said.reference is None or delegation is None:
        raise ReferenceMissing
    return RecordOnBehalf(delegation, act, said.reference, said.received)


class Door(Struct, frozen=True):
    """What is said at a door, and the command that it is."""

    said: type[Struct]
    command: Callable[[Any], ProposalCommand]


def _as_said(kind: type[Struct]) -> Door:
    return Door(kind, lambda said: said)


DOORS: Final[Mapping[str, Door]] = {
    "endorsements": Door(Endorsement, endorsement),
    "objections": Door(Objection, objection),
    "positions": Door(OtherPosition, other_position),
    "statements": _as_said(MakeStatement),
    "reaffirm": _as_said(Reaffirm),
    "contest": _as_said(Contest),
    "lift": _as_said(Lift),
    "confirm": _as_said(Confirm),
    "decline": _as_said(Decline),
    "revisions": _as_said(Revise),
    "sponsors": _as_said(Sponsor),
    "end-sponsorship": _as_said(EndSponsorship),
    "pen": _as_said(HandPen),
    "receipt": _as_said(AcknowledgeReceipt),
    "withdrawal": _as_said(Withdraw),
    "release": _as_said(AskRelease),
    "release-consent": _as_said(ConsentToRelease),
    "end-release-consent": _as_said(WithdrawReleaseConsent),
}
