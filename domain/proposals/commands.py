"""What can be asked about a proposal once it is on the table."""

from typing import Literal

from msgspec import field

from domain.identity import DelegationCode, EditionCode, Language, ProposalId, ProvisionId
from domain.kernel import Command, Instant
from domain.proposals.events import Change, Outcome, Stance, StatementKind, Wider
from domain.text.provisions import Words


class ChairCommand(Command, frozen=True, kw_only=True):
    """What the chair asks for; or the secretary, on the chair's recorded instruction."""

    instruction: str | None = None
    """The reference of the instruction; the chair gives none."""


class TableProposal(Command, frozen=True):
    """Put a text on the table."""

    kind: str
    master: Language
    provisions: tuple[Words, ...]
    predecessor: ProposalId | None = None


class Revise(Command, frozen=True):
    """Issue a new revision on the current one."""

    base: int
    provisions: tuple[Words, ...]
    changes: dict[ProvisionId, Change] = {}
    reason: str | None = None


class CertifyChanges(ChairCommand, frozen=True):
    """Certify what a revision marked editorial."""

    revision: int


class Sponsor(Command, frozen=True):
    """Put the proposal forward with its sponsors."""


class EndSponsorship(Command, frozen=True):
    """Put the proposal forward no longer."""


class HandPen(Command, frozen=True):
    """Let the chair issue revisions, or take the pen back."""

    holder: Literal["sponsor", "chair"]


class TakePosition(Command, frozen=True):
    """Take a stance on the current revision. An objection gives its reason or says that it is undisclosed."""

    revision: int
    stance: Stance
    due: Instant | None = None
    reason: str | None = None
    undisclosed: bool = False
    reservation: str | None = None


class Reaffirm(Command, frozen=True):
    """Say that a superseded position holds of this revision too."""

    revision: int


class Contest(Command, frozen=True):
    """Say that a change did matter to a maintained position."""

    revision: int
    reason: str | None = None


class Lift(Command, frozen=True):
    """Lift one's objection."""

    revision: int


class Confirm(Command, frozen=True):
    """Confirm what was endorsed ad referendum or reserved."""

    revision: int


class Decline(Command, frozen=True):
    """Do not confirm it. Breaks a silence."""

    revision: int


class PutToSitting(ChairCommand, frozen=True):
    """Put the current revision to a sitting."""

    sitting: int
    revision: int
    notice_waived: bool = False
    release: Wider | None = None
    """To whom it is to be released if it is adopted; each delegation is asked at once."""


class OpenSilence(ChairCommand, frozen=True):
    """Have the current revision adopted at the deadline unless somebody objects before."""

    revision: int
    deadline: Instant
    release: Wider | None = None
    """To whom it is to be released once it is adopted; each delegation is asked at once."""


class ExtendSilence(ChairCommand, frozen=True):
    """Let the silence end later."""

    revision: int
    deadline: Instant


class CancelSilence(ChairCommand, frozen=True):
    """Take the text back from silence."""

    revision: int


class AcknowledgeReceipt(Command, frozen=True):
    """Say that one has the text that is under silence."""

    revision: int


class RecordSilenceEnd(Command, frozen=True):
    """Write down that the silence ended. Asked by the passing of time, not by a person."""


class SetAside(ChairCommand, frozen=True):
    """Set an adoption aside, since an objection had arrived in time."""

    reason: str


class Issue(ChairCommand, frozen=True):
    """Issue the chair's statement."""

    revision: int


class Defer(ChairCommand, frozen=True):
    """Let the proposal go on in a later edition."""

    edition: EditionCode | None = None


class TakeUp(ChairCommand, frozen=True):
    """Put a deferred proposal on the table again."""

    edition: EditionCode


class Merge(Command, frozen=True):
    """Let the proposal go on in another."""

    into: ProposalId


class Split(Command, frozen=True):
    """Let the proposal go on in parts: of each, the provisions beside the title."""

    parts: tuple[tuple[ProvisionId, ...], ...]


class MakeStatement(Command, frozen=True):
    """Say something of the text that is printed with it."""

    kind: StatementKind
    revision: int
    text: dict[Language, str]
    provision: ProvisionId | None = None
    invited: tuple[DelegationCode, ...] = field(default=(), name="with")


class JoinStatement(Command, frozen=True):
    """Make a statement one's own that one was invited to join."""

    statement: int


class RecordOnBehalf(Command, frozen=True):
    """Record what a delegation gave in the room, by letter or otherwise."""

    delegation: DelegationCode
    act: TakePosition | Reaffirm | Contest | Lift | Confirm | Decline
    reference: str
    received: Instant | None = None
    """When it was received; as it is recorded, where nothing is said."""


class ConfirmGiven(Command, frozen=True):
    """Confirm what was recorded on one's behalf."""

    revision: int


class DisownGiven(Command, frozen=True):
    """Do not stand by what was recorded on one's behalf."""

    revision: int


class RecordFallenAway(Command, frozen=True):
    """Write down that a position fell away when it was due. Asked by the passing of time, not by a person."""

    delegation: DelegationCode
    due: Instant


class Withdraw(Command, frozen=True):
    """Take the proposal off the table."""


class Conclude(ChairCommand, frozen=True):
    """Record that the proposal ends without agreement."""

    outcome: Outcome


class AskRelease(Command, frozen=True):
    """Ask each delegation of the format whether text and outcome may be given to a wider audience."""

    to: Wider
    attributions: bool | None = None
    """A delegation that says whether it may be named consents in the same act."""


class ConsentToRelease(Command, frozen=True):
    """Consent to a release; and say whether one may be named."""

    to: Wider
    attribution: bool


class WithdrawReleaseConsent(Command, frozen=True):
    """Take that back, before it happened."""

    to: Wider


ProposalCommand = (
    Revise
    | CertifyChanges
    | Sponsor
    | EndSponsorship
    | HandPen
    | TakePosition
    | Reaffirm
    | Contest
    | Lift
    | Confirm
    | Decline
    | PutToSitting
    | OpenSilence
    | ExtendSilence
    | CancelSilence
    | AcknowledgeReceipt
    | RecordSilenceEnd
    | SetAside
    | Issue
    | Defer
    | TakeUp
    | MakeStatement
    | JoinStatement
    | RecordOnBehalf
    | ConfirmGiven
    | DisownGiven
    | RecordFallenAway
    | Withdraw
    | Conclude
    | AskRelease
    | ConsentToRelease
    | WithdrawReleaseConsent
)
