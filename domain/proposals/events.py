"""What happens to a proposal, from tabling on. All of it stands in the book of its format."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from domain.identity import AgreementId, DelegationCode, EditionCode, FormatCode, Language, ProposalId, ProvisionId, ReleaseId
from domain.kernel import Erasable, Fact, WordsGone
from domain.text.provisions import Provision


class Stance(StrEnum):
    """A delegation's position on one revision. Track II: that of a national group of participants, not of a state."""

    ENDORSE = "endorse"
    WITH_RESERVATION = "endorse-with-reservation"
    AD_REFERENDUM = "endorse-ad-referendum"
    NO_OBJECTION = "no-objection"
    RESERVE = "reserve"
    ABSTAIN = "abstain"
    OBJECT = "object"
    DISSOCIATE = "dissociate"


class Change(StrEnum):
    """What the penholder says a changed provision is."""

    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"
    """Counts only if the chair certifies it, else as substantive."""
    LANGUAGE = "language"
    """A translation brought in line, the master untouched."""


class Outcome(StrEnum):
    """What becomes of a proposal that is not adopted. A body that works by consensus rejects nothing."""

    NO_CONSENSUS = "no-consensus"
    """It was put to decision or under silence."""
    LAPSED = "lapsed"
    """It never was."""


class Given(StrEnum):
    """What a delegation gave in the room, by letter or otherwise, and the secretary recorded on its behalf."""

    TAKE = "take"
    """A stance on the revision."""
    REAFFIRM = "reaffirm"
    CONTEST = "contest"
    LIFT = "lift"
    CONFIRM = "confirm"
    DECLINE = "decline"


class StatementKind(StrEnum):
    """What a delegation says of a text, from the weakest to the strongest that leaves consensus standing."""

    EXPLANATION = "explanation-of-position"
    INTERPRETATION = "interpretation"
    """How it understands the text; excludes nothing."""
    RESERVATION = "reservation"
    """What it excludes or modifies for itself."""
    DISSOCIATION = "dissociation"
    """It does not join in one provision, without blocking the text."""


class Wider(StrEnum):
    """To whom a text is released: to all delegations of the forum first, then to the public."""

    FORUM = "forum"
    PUBLIC = "public"


class ProposalTabled(Fact, frozen=True):
    """A text is on the table as revision 0; the delegation that tables it is its main sponsor and endorses it.

    ``sponsor`` is None where the chair tables on its own responsibility.
    """

    tag: ClassVar[str] = "proposal.tabled"

    number: str
    kind: str
    format: FormatCode
    edition: EditionCode
    master: Language
    provisions: tuple[Provision, ...]
    fingerprint: str
    sponsor: DelegationCode | None
    predecessor: ProposalId | None


class RevisionIssued(Fact, frozen=True):
    """The penholder changed the text. ``changes`` names each provision that differs from the base."""

    tag: ClassVar[str] = "proposal.revision-issued"

    revision: int
    provisions: tuple[Provision, ...]
    changes: dict[ProvisionId, Change]
    fingerprint: str
    penholder: DelegationCode | None
    """None where the chair holds the pen."""


class ChangesCertified(Fact, frozen=True):
    """The chair certifies that what a revision marked editorial changes no meaning."""

    tag: ClassVar[str] = "proposal.changes-certified"

    revision: int


class Sponsored(Fact, frozen=True):
    """A delegation puts the proposal forward with the others, and so endorses the revision."""

    tag: ClassVar[str] = "proposal.sponsored"

    delegation: DelegationCode
    revision: int


class SponsorshipEnded(Fact, frozen=True):
    """A co-sponsor puts the proposal forward no longer. Its position is untouched."""

    tag: ClassVar[str] = "proposal.sponsorship-ended"

    delegation: DelegationCode


class PenHanded(Fact, frozen=True):
    """Who issues revisions from now on: the main sponsor, or the chair (None)."""

    tag: ClassVar[str] = "proposal.pen-handed"

    holder: DelegationCode | None


class PositionTaken(Fact, frozen=True):
    """A delegation's stance on a revision, in place of what it held before."""

    tag: ClassVar[str] = "proposal.position-taken"

    delegation: DelegationCode
    revision: int
    stance: Stance
    due: datetime | None
    """When a reserve or an endorsement ad referendum falls away unless confirmed."""


class PositionReaffirmed(Fact, frozen=True):
    """A superseded position holds of this revision too."""

    tag: ClassVar[str] = "proposal.position-reaffirmed"

    delegation: DelegationCode
    revision: int


class PositionContested(Fact, frozen=True):
    """The holder of a maintained position says that the change did matter; the position is superseded."""

    tag: ClassVar[str] = "proposal.position-contested"

    delegation: DelegationCode
    revision: int


class PositionConfirmed(Fact, frozen=True):
    """An endorsement ad referendum stands; a reserve becomes no objection."""

    tag: ClassVar[str] = "proposal.position-confirmed"

    delegation: DelegationCode
    revision: int


class PositionDeclined(Fact, frozen=True):
    """What was endorsed ad referendum, or reserved, is not confirmed; the delegation holds no position."""

    tag: ClassVar[str] = "proposal.position-declined"

    delegation: DelegationCode
    revision: int


class ObjectionLifted(Fact, frozen=True):
    """The delegation objects no longer; it holds no position until it takes one."""

    tag: ClassVar[str] = "proposal.objection-lifted"

    delegation: DelegationCode
    revision: int


class ObjectionCameLate(Fact, frozen=True):
    """An objection at or after the end of the silence: on record, without effect; its author may make it a statement."""

    tag: ClassVar[str] = "proposal.objection-came-late"

    delegation: DelegationCode
    revision: int
    ended: datetime


class ReasonGiven(Erasable, frozen=True):
    """Why: of an objection, a revision, a contest. A fact of its own, so that the words can go and the act stays."""

    tag: ClassVar[str] = "proposal.reason-given"

    delegation: DelegationCode | None
    revision: int
    text: str


class ReservationMade(Erasable, frozen=True):
    """What a delegation endorses with reservation of."""

    tag: ClassVar[str] = "proposal.reservation-made"

    delegation: DelegationCode
    revision: int
    text: str


class PositionFellAway(Fact, frozen=True):
    """A reserve or an endorsement ad referendum was not confirmed when it was due: written down after the event."""

    tag: ClassVar[str] = "proposal.position-fell-away"

    delegation: DelegationCode
    revision: int
    due: datetime


class RecordedOnBehalf(Fact, frozen=True):
    """The secretary recorded an act that a delegation gave: when it was received, and under which reference.

    What stops (an objection, a contest, a refusal to confirm) counts at once, and its own facts follow. All else ``waits``
    until the delegation confirms it. An objection to what is adopted already changes nothing by itself.
    """

    tag: ClassVar[str] = "proposal.recorded-on-behalf"

    delegation: DelegationCode
    revision: int
    act: Given
    stance: Stance | None
    due: datetime | None
    reference: str
    received: datetime
    waits: bool


class GivenActConfirmed(Fact, frozen=True):
    """The delegation confirms what was recorded on its behalf; the facts of the act itself follow."""

    tag: ClassVar[str] = "proposal.given-act-confirmed"

    delegation: DelegationCode
    revision: int


class GivenActDisowned(Fact, frozen=True):
    """The delegation does not stand by what was recorded on its behalf."""

    tag: ClassVar[str] = "proposal.given-act-disowned"

    delegation: DelegationCode
    revision: int


class InstructedByChair(Fact, frozen=True):
    """What follows is the chair's, recorded by the secretary on the chair's instruction, under this reference."""

    tag: ClassVar[str] = "proposal.instructed-by-chair"

    reference: str


class PutToDecision(Fact, frozen=True):
    """The chair put a revision to a sitting. Adopted, unless an objection stands.

    ``maintained`` names the delegations whose endorsement, abstention or lack of objection was carried over from an
    earlier revision; ``objecting`` those that object.
    """

    tag: ClassVar[str] = "proposal.put-to-decision"

    sitting: int
    revision: int
    adopted: bool
    notice_waived: bool
    maintained: tuple[DelegationCode, ...]
    objecting: tuple[DelegationCode, ...]
    agreement: AgreementId | None


class SilenceOpened(Fact, frozen=True):
    """The revision is adopted at the deadline, unless somebody objects or declines in writing before it."""

    tag: ClassVar[str] = "proposal.silence-opened"

    revision: int
    deadline: datetime
    agreement: AgreementId


class SilenceExtended(Fact, frozen=True):
    """The silence ends later."""

    tag: ClassVar[str] = "proposal.silence-extended"

    deadline: datetime


class SilenceCancelled(Fact, frozen=True):
    """The chair takes the text back from silence; it is open again."""

    tag: ClassVar[str] = "proposal.silence-cancelled"


class SilenceBroken(Fact, frozen=True):
    """One is enough. Nothing undoes it; a fresh silence is needed."""

    tag: ClassVar[str] = "proposal.silence-broken"

    delegation: DelegationCode


class ReceiptAcknowledged(Fact, frozen=True):
    """A delegation has the text that is under silence."""

    tag: ClassVar[str] = "proposal.receipt-acknowledged"

    delegation: DelegationCode


class SilenceEnded(Fact, frozen=True):
    """The silence ended unbroken: written down after the event by whoever came first; the text was adopted at its end."""

    tag: ClassVar[str] = "proposal.silence-ended"

    revision: int
    agreement: AgreementId


class AdoptionSetAside(Fact, frozen=True):
    """The chair set the adoption aside: an objection had reached the secretariat in time and was recorded late.

    Its agreement is void, but shown. The objections stand from now on.
    """

    tag: ClassVar[str] = "proposal.adoption-set-aside"

    revision: int
    agreement: AgreementId
    objecting: tuple[DelegationCode, ...]


class StatementIssued(Fact, frozen=True):
    """The chair issued its statement, on its own responsibility: nobody is party to it, and no objection stops it."""

    tag: ClassVar[str] = "proposal.statement-issued"

    revision: int


class ProposalDeferred(Fact, frozen=True):
    """It goes on in a later edition, which is named where it is known."""

    tag: ClassVar[str] = "proposal.deferred"

    edition: EditionCode | None


class ProposalTakenUp(Fact, frozen=True):
    """A deferred proposal is on the table again, in this edition. Objections stand; other positions need reaffirming."""

    tag: ClassVar[str] = "proposal.taken-up"

    edition: EditionCode


class ProposalMerged(Fact, frozen=True):
    """It goes on in another proposal."""

    tag: ClassVar[str] = "proposal.merged"

    into: ProposalId


class ProposalAbsorbed(Fact, frozen=True):
    """Another proposal was merged into this one. This one's text changes by revision alone."""

    tag: ClassVar[str] = "proposal.absorbed"

    merged: ProposalId


class ProposalSplit(Fact, frozen=True):
    """It goes on in parts, each a proposal of its own with this one as predecessor."""

    tag: ClassVar[str] = "proposal.split"

    parts: tuple[ProposalId, ...]


class StatementMade(Fact, frozen=True):
    """A delegation makes a statement on the text, or on one provision of it, and invites others to join."""

    tag: ClassVar[str] = "proposal.statement-made"

    statement: int
    """From 1."""
    delegation: DelegationCode
    kind: StatementKind
    revision: int
    provision: ProvisionId | None
    invited: tuple[DelegationCode, ...]


class StatementWorded(Erasable, frozen=True):
    """Its words: a fact of their own, so that they can go and the statement stays."""

    tag: ClassVar[str] = "proposal.statement-worded"

    statement: int
    text: dict[Language, str]


class StatementJoined(Fact, frozen=True):
    """A delegation that was invited makes the statement its own."""

    tag: ClassVar[str] = "proposal.statement-joined"

    statement: int
    delegation: DelegationCode


class ProposalWithdrawn(Fact, frozen=True):
    """The main sponsor withdrew it."""

    tag: ClassVar[str] = "proposal.withdrawn"


class ProposalConcluded(Fact, frozen=True):
    """The chair recorded that it ends without agreement."""

    tag: ClassVar[str] = "proposal.concluded"

    outcome: Outcome


class ReleaseAsked(Fact, frozen=True):
    """The chair or a delegation asks each delegation of the format whether text and outcome may be given to these."""

    tag: ClassVar[str] = "proposal.release-asked"

    to: Wider


class ReleaseConsented(Fact, frozen=True):
    """A delegation consents, in place of what it said before; and says whether it may be named."""

    tag: ClassVar[str] = "proposal.release-consented"

    delegation: DelegationCode
    to: Wider
    attribution: bool


class ReleaseConsentWithdrawn(Fact, frozen=True):
    """A delegation takes its consent back, before the release happened."""

    tag: ClassVar[str] = "proposal.release-consent-withdrawn"

    delegation: DelegationCode
    to: Wider


class ProposalReleased(Fact, frozen=True):
    """The last delegation has consented: text and outcome stand in the wider book, under an id of their own."""

    tag: ClassVar[str] = "proposal.released"

    to: Wider
    release: ReleaseId


class WordsErased(WordsGone, frozen=True):
    """Words of a proposal are gone. What was done with them stays."""

    tag: ClassVar[str] = "proposal.words-erased"


FACTS: tuple[type[Fact], ...] = (
    ProposalTabled,
    RevisionIssued,
    ChangesCertified,
    Sponsored,
    SponsorshipEnded,
    PenHanded,
    PositionTaken,
    PositionReaffirmed,
    PositionContested,
    PositionConfirmed,
    PositionDeclined,
    ObjectionLifted,
    ObjectionCameLate,
    ReasonGiven,
    ReservationMade,
    PositionFellAway,
    RecordedOnBehalf,
    GivenActConfirmed,
    GivenActDisowned,
    InstructedByChair,
    PutToDecision,
    SilenceOpened,
    SilenceExtended,
    SilenceCancelled,
    SilenceBroken,
    ReceiptAcknowledged,
    SilenceEnded,
    AdoptionSetAside,
    StatementIssued,
    ProposalDeferred,
    ProposalTakenUp,
    ProposalMerged,
    ProposalAbsorbed,
    ProposalSplit,
    StatementMade,
    StatementWorded,
    StatementJoined,
    ProposalWithdrawn,
    ProposalConcluded,
    ReleaseAsked,
    ReleaseConsented,
    ReleaseConsentWithdrawn,
    ProposalReleased,
    WordsErased,
)
