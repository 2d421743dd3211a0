"""What can be asked about a proposal once it is on the table."""

from typing import Literal

from domain.identity import Language, ProposalId, ProvisionId
from domain.kernel import Command, Instant
from domain.proposals.events import Change, Outcome, Stance
from domain.text.provisions import Words


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


class CertifyChanges(Command, frozen=True):
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


class PutToSitting(Command, frozen=True):
    """Put the current revision to a sitting."""

    sitting: int
    revision: int
    notice_waived: bool = False


class OpenSilence(Command, frozen=True):
    """Have the current revision adopted at the deadline unless somebody objects before."""

    revision: int
    deadline: Instant


class ExtendSilence(Command, frozen=True):
    """Let the silence end later."""

    revision: int
    deadline: Instant


class CancelSilence(Command, frozen=True):
    """Take the text back from silence."""

    revision: int


class AcknowledgeReceipt(Command, frozen=True):
    """Say that one has the text that is under silence."""

    revision: int


class RecordSilenceEnd(Command, frozen=True):
    """Write down that the silence ended. Asked by the passing of time, not by a person."""


class Withdraw(Command, frozen=True):
    """Take the proposal off the table."""


class Conclude(Command, frozen=True):
    """Record that the proposal ends without agreement."""

    outcome: Outcome


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
    | Withdraw
    | Conclude
)
