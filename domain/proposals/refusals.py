"""What a proposal refuses. Numbers are those of the list of sixty refusals from which the rules were drawn."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.kernel import Refusal


@dataclass(eq=False)
class ProposalClosed(Refusal):
    """A closed proposal is not reopened; a new one names it as predecessor (8, 22, 34, 39)."""

    code: ClassVar[str] = "proposal-closed"
    sentence: ClassVar[str] = "The proposal is closed: {status}."
    status: str


@dataclass(eq=False)
class SilenceRuns(Refusal):
    """Silence is on this very text: while it runs, only what stops or accompanies it is possible (8, 27, 56)."""

    code: ClassVar[str] = "silence-runs"
    sentence: ClassVar[str] = "Revision {revision} is under silence until {deadline}."
    revision: int
    deadline: datetime


@dataclass(eq=False)
class NoSilenceRuns(Refusal):
    """Only a running silence can be extended, cancelled or acknowledged (31, 32)."""

    code: ClassVar[str] = "no-silence-runs"
    sentence: ClassVar[str] = "No silence runs on this proposal."


@dataclass(eq=False)
class RevisionNotCurrent(Refusal):
    """An act is of a text: it names the current revision (9, 21)."""

    code: ClassVar[str] = "revision-not-current"
    sentence: ClassVar[str] = "The current revision is {current}, not {revision}."
    revision: int
    current: int


@dataclass(eq=False)
class NothingChanged(Refusal):
    """An identical text is not a revision (10)."""

    code: ClassVar[str] = "nothing-changed"
    sentence: ClassVar[str] = "The text is the same as revision {base}."
    base: int


@dataclass(eq=False)
class ChangeUnmarked(Refusal):
    """Each changed provision is marked substantive, editorial or language."""

    code: ClassVar[str] = "change-unmarked"
    sentence: ClassVar[str] = "{provision} is changed; mark it substantive, editorial or language."
    provision: str


@dataclass(eq=False)
class MarkWithoutChange(Refusal):
    """A mark names a provision that changed."""

    code: ClassVar[str] = "mark-without-change"
    sentence: ClassVar[str] = "{provision} is marked {change}, but it is not changed."
    provision: str
    change: str


@dataclass(eq=False)
class MarkTooLight(Refusal):
    """A provision added or taken out is substantive; a change of the master's words is not one of language (11)."""

    code: ClassVar[str] = "mark-too-light"
    sentence: ClassVar[str] = "{provision} cannot be marked {change}: {because}."
    provision: str
    change: str
    because: str


@dataclass(eq=False)
class ProvisionUnknown(Refusal):
    """An id names a provision of the base, once; a new provision has none yet (12)."""

    code: ClassVar[str] = "provision-unknown"
    sentence: ClassVar[str] = "{provision} does not stand once in the base; leave the id out of a new provision."
    provision: str


@dataclass(eq=False)
class TitleMissing(Refusal):
    """A text has one title."""

    code: ClassVar[str] = "title-missing"
    sentence: ClassVar[str] = "A text has exactly one title; this one has {count}."
    count: int


@dataclass(eq=False)
class WordsMissing(Refusal):
    """There is nothing to negotiate without words in the master language (6)."""

    code: ClassVar[str] = "words-missing"
    sentence: ClassVar[str] = "Provision {place} has no words in the master language {master}."
    place: int
    master: str


@dataclass(eq=False)
class LanguageNotOfForum(Refusal):
    """A text is in the forum's languages."""

    code: ClassVar[str] = "language-not-of-forum"
    sentence: ClassVar[str] = "{language} is not a language of this forum; it works in {known}."
    language: str
    known: tuple[str, ...]


@dataclass(eq=False)
class KindUnknown(Refusal):
    """The kinds of proposals are the forum's."""

    code: ClassVar[str] = "kind-unknown"
    sentence: ClassVar[str] = "{kind} is not a kind of proposal here; the kinds are {known}."
    kind: str
    known: tuple[str, ...]


@dataclass(eq=False)
class KindNotForChair(Refusal):
    """The chair tables its own statements; all else is a delegation's."""

    code: ClassVar[str] = "kind-not-for-chair"
    sentence: ClassVar[str] = "A chair does not table a proposal of the kind {kind}; it tables {kinds}."
    kind: str
    kinds: tuple[str, ...]


@dataclass(eq=False)
class KindForChair(Refusal):
    """A chair's statement is issued on the chair's responsibility; no delegation tables one."""

    code: ClassVar[str] = "kind-for-chair"
    sentence: ClassVar[str] = "A proposal of the kind {kind} is tabled by the chair."
    kind: str


@dataclass(eq=False)
class EditionTakesNoMore(Refusal):
    """Only an announced or open edition takes proposals and silences (4)."""

    code: ClassVar[str] = "edition-takes-no-more"
    sentence: ClassVar[str] = "The edition is {status}; nothing new is tabled or put under silence in it."
    status: str


@dataclass(eq=False)
class PredecessorUnknown(Refusal):
    """A predecessor is a closed proposal of the same format."""

    code: ClassVar[str] = "predecessor-unknown"
    sentence: ClassVar[str] = "The predecessor is not a closed proposal of this format."


@dataclass(eq=False)
class NotAMember(Refusal):
    """A position is that of a delegation of the format (20)."""

    code: ClassVar[str] = "not-a-member"
    sentence: ClassVar[str] = "{delegation} is not of this format; its delegations are {members}."
    delegation: str
    members: tuple[str, ...]


@dataclass(eq=False)
class NotPenholder(Refusal):
    """The penholder issues revisions."""

    code: ClassVar[str] = "not-penholder"
    sentence: ClassVar[str] = "Revisions are issued by {holder}."
    holder: str


@dataclass(eq=False)
class NotMainSponsor(Refusal):
    """The main sponsor withdraws the proposal and hands the pen over (18)."""

    code: ClassVar[str] = "not-main-sponsor"
    sentence: ClassVar[str] = "The main sponsor of this proposal is {sponsor}."
    sponsor: str


@dataclass(eq=False)
class SponsorAlready(Refusal):
    """A delegation sponsors once (15)."""

    code: ClassVar[str] = "sponsor-already"
    sentence: ClassVar[str] = "{delegation} sponsors this proposal already."
    delegation: str


@dataclass(eq=False)
class NotASponsor(Refusal):
    """Only a sponsor can end its sponsorship (17)."""

    code: ClassVar[str] = "not-a-sponsor"
    sentence: ClassVar[str] = "{delegation} does not sponsor this proposal."
    delegation: str


@dataclass(eq=False)
class MainSponsorStays(Refusal):
    """A proposal without a main sponsor would be an orphan (19)."""

    code: ClassVar[str] = "main-sponsor-stays"
    sentence: ClassVar[str] = "{delegation} is the main sponsor; it can withdraw the proposal."
    delegation: str


@dataclass(eq=False)
class SponsorObjects(Refusal):
    """One does not put forward what one objects to (16)."""

    code: ClassVar[str] = "sponsor-objects"
    sentence: ClassVar[str] = "{delegation} cannot both sponsor this proposal and object to it."
    delegation: str


@dataclass(eq=False)
class PenAlreadyThere(Refusal):
    """The pen is handed to somebody else."""

    code: ClassVar[str] = "pen-already-there"
    sentence: ClassVar[str] = "{holder} holds the pen already."
    holder: str


@dataclass(eq=False)
class PositionUnchanged(Refusal):
    """The delegation holds just this position."""

    code: ClassVar[str] = "position-unchanged"
    sentence: ClassVar[str] = "{delegation} already holds {stance} on revision {revision}."
    delegation: str
    stance: str
    revision: int


@dataclass(eq=False)
class ReasonMissing(Refusal):
    """An objection gives a reason, or says undisclosed: the chair needs to know what would lift it (23)."""

    code: ClassVar[str] = "reason-missing"
    sentence: ClassVar[str] = "An objection gives its reason, or says that it is undisclosed."


@dataclass(eq=False)
class ReservationMissing(Refusal):
    """An endorsement with reservation says of what; another stance makes none."""

    code: ClassVar[str] = "reservation-missing"
    sentence: ClassVar[str] = "An endorsement with reservation, and no other stance, carries the words of the reservation."


@dataclass(eq=False)
class DueDateWrong(Refusal):
    """A reserve may, an endorsement ad referendum must name when it falls due; in the future."""

    code: ClassVar[str] = "due-date-wrong"
    sentence: ClassVar[str] = "A {stance} needs a due date after {now}; given was {due}."
    stance: str
    now: datetime
    due: datetime | None


@dataclass(eq=False)
class NothingToReaffirm(Refusal):
    """Only a superseded position is reaffirmed; an objection stands by itself."""

    code: ClassVar[str] = "nothing-to-reaffirm"
    sentence: ClassVar[str] = "{delegation} has no superseded position to reaffirm."
    delegation: str


@dataclass(eq=False)
class NothingToContest(Refusal):
    """Only a maintained position is contested, until the decision."""

    code: ClassVar[str] = "nothing-to-contest"
    sentence: ClassVar[str] = "{delegation} has no maintained position to contest."
    delegation: str


@dataclass(eq=False)
class NoObjectionStands(Refusal):
    """Each delegation lifts its own objection."""

    code: ClassVar[str] = "no-objection-stands"
    sentence: ClassVar[str] = "{delegation} has no objection standing."
    delegation: str


@dataclass(eq=False)
class NothingPending(Refusal):
    """Only what was endorsed ad referendum or reserved, and is not yet due, is confirmed or declined."""

    code: ClassVar[str] = "nothing-pending"
    sentence: ClassVar[str] = "{delegation} has nothing to confirm or decline."
    delegation: str


@dataclass(eq=False)
class NothingToCertify(Refusal):
    """The chair certifies, once, a revision that marked something editorial (11)."""

    code: ClassVar[str] = "nothing-to-certify"
    sentence: ClassVar[str] = "Revision {revision} has no editorial change that waits to be certified."
    revision: int


@dataclass(eq=False)
class QuorumMissing(Refusal):
    """A decision needs every delegation of the format marked present; an absent one is asked by silence (33)."""

    code: ClassVar[str] = "quorum-missing"
    sentence: ClassVar[str] = "Not marked present: {absent}. An absent delegation is asked by silence."
    absent: tuple[str, ...]


@dataclass(eq=False)
class NoticeTooShort(Refusal):
    """A text is decided on once it has been out for the notice period, unless none present objects."""

    code: ClassVar[str] = "notice-too-short"
    sentence: ClassVar[str] = "The text was issued at {issued}; it can be decided from {allowed} on, or with notice waived."
    issued: datetime
    allowed: datetime


@dataclass(eq=False)
class ConfirmationPending(Refusal):
    """A pending reserve or endorsement ad referendum holds the decision up until confirmed, declined or due."""

    code: ClassVar[str] = "confirmation-pending"
    sentence: ClassVar[str] = "Still to be confirmed: {delegations}, at the latest by {due}."
    delegations: tuple[str, ...]
    due: datetime


@dataclass(eq=False)
class ObjectionStands(Refusal):
    """A text to which somebody objects is not put under silence."""

    code: ClassVar[str] = "objection-stands"
    sentence: ClassVar[str] = "An objection stands: {delegations}."
    delegations: tuple[str, ...]


@dataclass(eq=False)
class SilenceTooShort(Refusal):
    """A silence has a minimum (27; UNGA decision 74/544: 72 hours)."""

    code: ClassVar[str] = "silence-too-short"
    sentence: ClassVar[str] = "The silence would end at {deadline}; it can end at {earliest} at the earliest."
    deadline: datetime
    earliest: datetime


@dataclass(eq=False)
class LanguagesMissing(Refusal):
    """The rules ask that the text be complete in so many languages before silence (28)."""

    code: ClassVar[str] = "languages-missing"
    sentence: ClassVar[str] = "The text is complete in {complete} languages; silence needs {needed}."
    complete: int
    needed: int


@dataclass(eq=False)
class NotLater(Refusal):
    """A silence is extended to a later end (31)."""

    code: ClassVar[str] = "not-later"
    sentence: ClassVar[str] = "The silence ends at {deadline}; {proposed} is not later."
    deadline: datetime
    proposed: datetime


@dataclass(eq=False)
class ReceiptGiven(Refusal):
    """Receipt is acknowledged once."""

    code: ClassVar[str] = "receipt-given"
    sentence: ClassVar[str] = "{delegation} has acknowledged receipt already."
    delegation: str


@dataclass(eq=False)
class OutcomeDoesNotFit(Refusal):
    """No consensus: it was put to decision or under silence. Lapsed: it never was."""

    code: ClassVar[str] = "outcome-does-not-fit"
    sentence: ClassVar[str] = "The outcome is {fitting}, not {outcome}."
    outcome: str
    fitting: str


@dataclass(eq=False)
class IsDeferred(Refusal):
    """A deferred proposal waits until it is taken up again."""

    code: ClassVar[str] = "is-deferred"
    sentence: ClassVar[str] = "The proposal is deferred; it can be taken up again in a later edition."


@dataclass(eq=False)
class NotDeferred(Refusal):
    """Only a deferred proposal is taken up again."""

    code: ClassVar[str] = "not-deferred"
    sentence: ClassVar[str] = "The proposal is {status}, not deferred."
    status: str


@dataclass(eq=False)
class EditionNotLater(Refusal):
    """What is deferred goes on in a later edition."""

    code: ClassVar[str] = "edition-not-later"
    sentence: ClassVar[str] = "{edition} does not come after {current}, in which the proposal is."
    edition: str
    current: str


@dataclass(eq=False)
class MergeTargetUnknown(Refusal):
    """A proposal goes on in another that is open in the same format."""

    code: ClassVar[str] = "merge-target-unknown"
    sentence: ClassVar[str] = "The proposal to merge into is not another open proposal of this format."


@dataclass(eq=False)
class TargetNotSponsored(Refusal):
    """Who lets its proposal go on in another puts that one forward too."""

    code: ClassVar[str] = "target-not-sponsored"
    sentence: ClassVar[str] = "{delegation} does not sponsor {number}, into which it would merge this proposal."
    delegation: str
    number: str


@dataclass(eq=False)
class TooFewParts(Refusal):
    """A split makes at least two proposals, each with provisions."""

    code: ClassVar[str] = "too-few-parts"
    sentence: ClassVar[str] = "A proposal is split into two parts or more, none of them empty; {parts} would have provisions."
    parts: int


@dataclass(eq=False)
class ProvisionLeftOut(Refusal):
    """Nothing disappears in a split: each provision goes on in some part."""

    code: ClassVar[str] = "provision-left-out"
    sentence: ClassVar[str] = "In no part: {provisions}."
    provisions: tuple[str, ...]


@dataclass(eq=False)
class ProvisionNotInRevision(Refusal):
    """An act on a provision names one that stands in the revision (12)."""

    code: ClassVar[str] = "provision-not-in-revision"
    sentence: ClassVar[str] = "{provision} does not stand in revision {revision}."
    provision: str
    revision: int


@dataclass(eq=False)
class NotAChairsStatement(Refusal):
    """Only a chair's statement is issued; all else is agreed (41)."""

    code: ClassVar[str] = "not-a-chairs-statement"
    sentence: ClassVar[str] = "A proposal of the kind {kind} is not issued; the delegations agree on it."
    kind: str


@dataclass(eq=False)
class IsAChairsStatement(Refusal):
    """A chair's statement is issued by the chair alone: it is not put to decision or under silence, nor sponsored (41)."""

    code: ClassVar[str] = "is-a-chairs-statement"
    sentence: ClassVar[str] = "This is a chair's statement: the chair issues it, and nobody is party to it."


@dataclass(eq=False)
class NotAdopted(Refusal):
    """Only an adoption is set aside."""

    code: ClassVar[str] = "not-adopted"
    sentence: ClassVar[str] = "The proposal is {status}, not adopted."
    status: str


@dataclass(eq=False)
class NoTimelyObjection(Refusal):
    """An adoption is set aside for an objection that had reached the secretariat in time and was recorded late."""

    code: ClassVar[str] = "no-timely-objection"
    sentence: ClassVar[str] = "No objection is on record that was received before the adoption at {adopted}."
    adopted: datetime


@dataclass(eq=False)
class ReceivedLater(Refusal):
    """What is recorded was received before."""

    code: ClassVar[str] = "received-later"
    sentence: ClassVar[str] = "It is said to be received at {received}, after {now}."
    received: datetime
    now: datetime


@dataclass(eq=False)
class ReferenceMissing(Refusal):
    """An act recorded on behalf names where it was given: a letter, a sitting."""

    code: ClassVar[str] = "reference-missing"
    sentence: ClassVar[str] = "An act recorded on behalf of a delegation names the delegation and its reference."


@dataclass(eq=False)
class NothingGiven(Refusal):
    """A delegation confirms or disowns what was recorded on its behalf and waits."""

    code: ClassVar[str] = "nothing-given"
    sentence: ClassVar[str] = "Nothing that was recorded on behalf of {delegation} waits."
    delegation: str


@dataclass(eq=False)
class StatementEmpty(Refusal):
    """A statement has words."""

    code: ClassVar[str] = "statement-empty"
    sentence: ClassVar[str] = "The statement has no words."


@dataclass(eq=False)
class StatementTooLate(Refusal):
    """A reservation and a dissociation come before the outcome (36, 37)."""

    code: ClassVar[str] = "statement-too-late"
    sentence: ClassVar[str] = "The proposal is {status}: a {form} comes before that."
    status: str
    form: str


@dataclass(eq=False)
class DissociationUnclear(Refusal):
    """A delegation dissociates itself from one provision; from the whole text, by its position."""

    code: ClassVar[str] = "dissociation-unclear"
    sentence: ClassVar[str] = "A dissociation names the provision that it is from."


@dataclass(eq=False)
class StatementUnknown(Refusal):
    """One joins a statement that was made."""

    code: ClassVar[str] = "statement-unknown"
    sentence: ClassVar[str] = "This proposal has no statement {statement}; there are {count}."
    statement: int
    count: int


@dataclass(eq=False)
class NotInvited(Refusal):
    """One joins a statement that one was invited to, once."""

    code: ClassVar[str] = "not-invited"
    sentence: ClassVar[str] = "{delegation} is not invited to join statement {statement}, or has joined it."
    delegation: str
    statement: int


@dataclass(eq=False)
class NothingFellAway(Refusal):
    """Only a reserve or an endorsement ad referendum falls away, when it is due."""

    code: ClassVar[str] = "nothing-fell-away"
    sentence: ClassVar[str] = "No position of {delegation} fell away."
    delegation: str


@dataclass(eq=False)
class NotReleasable(Refusal):
    """A text is released with its outcome; what went on in another proposal, or was withdrawn, has none."""

    code: ClassVar[str] = "not-releasable"
    sentence: ClassVar[str] = "The proposal is {status}; what is released is one of these: {releasable}."
    status: str
    releasable: tuple[str, ...]


@dataclass(eq=False)
class ForumComesFirst(Refusal):
    """All delegations of the forum read a text before the public does (originator control, step by step)."""

    code: ClassVar[str] = "forum-comes-first"
    sentence: ClassVar[str] = "The text goes to all delegations of the forum before it goes to the public."


@dataclass(eq=False)
class ReleaseAskedAlready(Refusal):
    """A release is asked for once."""

    code: ClassVar[str] = "release-asked-already"
    sentence: ClassVar[str] = "A release to the {to} has been asked for already."
    to: str


@dataclass(eq=False)
class ReleaseNotAsked(Refusal):
    """One consents to what was asked."""

    code: ClassVar[str] = "release-not-asked"
    sentence: ClassVar[str] = "Nobody has asked for a release to the {to}."
    to: str


@dataclass(eq=False)
class ReleasedAlready(Refusal):
    """What has been read cannot be taken back: a consent is revocable until then."""

    code: ClassVar[str] = "released-already"
    sentence: ClassVar[str] = "The text was released to the {to} at {released}."
    to: str
    released: datetime


@dataclass(eq=False)
class ReleaseConsentGiven(Refusal):
    """A delegation consents once, unless it changes whether it may be named."""

    code: ClassVar[str] = "release-consent-given"
    sentence: ClassVar[str] = "{delegation} has consented to the release to the {to} in just this way."
    delegation: str
    to: str


@dataclass(eq=False)
class ReleaseConsentMissing(Refusal):
    """Only a consent that was given is taken back."""

    code: ClassVar[str] = "release-consent-missing"
    sentence: ClassVar[str] = "{delegation} has not consented to the release to the {to}."
    delegation: str
    to: str


@dataclass(eq=False)
class ChairDoesNotConsent(Refusal):
    """The chair may ask for a release, and consents for nobody."""

    code: ClassVar[str] = "chair-does-not-consent"
    sentence: ClassVar[str] = "The chair asks for a release; each delegation says for itself whether it may be named."
