"""What a forum refuses."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.kernel import Refusal


@dataclass(eq=False)
class AlreadyFounded(Refusal):
    """A deployment serves one forum."""

    code: ClassVar[str] = "already-founded"
    sentence: ClassVar[str] = "This record already serves a forum, {host}; one deployment serves one forum."
    host: str


@dataclass(eq=False)
class DelegationExists(Refusal):
    """A delegation keeps its code; names are dated (refusal 60)."""

    code: ClassVar[str] = "delegation-exists"
    sentence: ClassVar[str] = "The delegation {delegation} has its seat already."
    delegation: str


@dataclass(eq=False)
class DelegationUnknown(Refusal):
    """A list that names a delegation names one of the forum's."""

    code: ClassVar[str] = "delegation-unknown"
    sentence: ClassVar[str] = "There is no delegation {delegation}; the forum knows {known}."
    delegation: str
    known: tuple[str, ...]


@dataclass(eq=False)
class FormatExists(Refusal):
    """The code of a format names one format."""

    code: ClassVar[str] = "format-exists"
    sentence: ClassVar[str] = "The format {format} is defined already."
    format: str


@dataclass(eq=False)
class LetterTaken(Refusal):
    """The letter of a format begins its proposals' numbers."""

    code: ClassVar[str] = "letter-taken"
    sentence: ClassVar[str] = "The letter {letter} belongs to the format {format}."
    letter: str
    format: str


@dataclass(eq=False)
class FormatTooSmall(Refusal):
    """A format is a meeting: of two delegations at least, each named once."""

    code: ClassVar[str] = "format-too-small"
    sentence: ClassVar[str] = "A format has at least two delegations, each named once; this one names {members}."
    members: tuple[str, ...]


@dataclass(eq=False)
class LanguageUnknown(Refusal):
    """Names are in the forum's languages."""

    code: ClassVar[str] = "language-unknown"
    sentence: ClassVar[str] = "{language} is not a language of this forum; it works in {known}."
    language: str
    known: tuple[str, ...]


@dataclass(eq=False)
class CredentialUnknown(Refusal):
    """Only a credential of the delegation can be ended."""

    code: ClassVar[str] = "credential-unknown"
    sentence: ClassVar[str] = "The delegation {delegation} has no such credential."
    delegation: str


@dataclass(eq=False)
class CredentialHasEnded(Refusal):
    """A credential ends once."""

    code: ClassVar[str] = "credential-has-ended"
    sentence: ClassVar[str] = "That credential ended at {ended}."
    ended: datetime


@dataclass(eq=False)
class CredentialHeld(Refusal):
    """A person acts for a delegation under one credential at a time."""

    code: ClassVar[str] = "credential-held"
    sentence: ClassVar[str] = "That person already acts for {delegation} as {role}; end that credential first."
    delegation: str
    role: str


@dataclass(eq=False)
class CredentialEndsBeforeItBegins(Refusal):
    """A term has an end after its beginning."""

    code: ClassVar[str] = "credential-ends-before-it-begins"
    sentence: ClassVar[str] = "The credential would end at {ends}, not after it begins at {begins}."
    begins: datetime
    ends: datetime


@dataclass(eq=False)
class HeadInPlace(Refusal):
    """The secretary names a delegation's first head only; the head names the others."""

    code: ClassVar[str] = "head-in-place"
    sentence: ClassVar[str] = "{delegation} has a head, who names its people; the secretary names a first head only."
    delegation: str


@dataclass(eq=False)
class NoticeMissing(Refusal):
    """A first head is named on the delegation's written notice."""

    code: ClassVar[str] = "notice-missing"
    sentence: ClassVar[str] = "Name the written notice by which {delegation} gives its head."
    delegation: str


@dataclass(eq=False)
class LastHead(Refusal):
    """A delegation without a head could name nobody."""

    code: ClassVar[str] = "last-head"
    sentence: ClassVar[str] = "{delegation} would be left without a head; name the next one first."
    delegation: str


@dataclass(eq=False)
class KeyWrong(Refusal):
    """A key is the octets of its kind, alone."""

    code: ClassVar[str] = "key-wrong"
    sentence: ClassVar[str] = "A public key of the kind {kind} has {expected} octets; this one has {found}."
    kind: str
    expected: int
    found: int


@dataclass(eq=False)
class KeyKindUnfit(Refusal):
    """Acts are signed in a way that everybody can check with what every machine has."""

    code: ClassVar[str] = "key-kind-unfit"
    sentence: ClassVar[str] = "A key of the kind {kind} does not serve for {purpose}; {known} do."
    kind: str
    purpose: str
    known: tuple[str, ...]


@dataclass(eq=False)
class KeyExists(Refusal):
    """A key is registered once, for one delegation and one purpose; one that was ended does not come back."""

    code: ClassVar[str] = "key-exists"
    sentence: ClassVar[str] = "That key was registered already, by {delegation}; make a new one."
    delegation: str


@dataclass(eq=False)
class KeyUnknown(Refusal):
    """Only a key of the delegation serves it."""

    code: ClassVar[str] = "key-unknown"
    sentence: ClassVar[str] = "The delegation {delegation} has no such key."
    delegation: str


@dataclass(eq=False)
class KeyHasEnded(Refusal):
    """A key ends once, and signs nothing afterwards."""

    code: ClassVar[str] = "key-has-ended"
    sentence: ClassVar[str] = "That key ended at {ended}."
    ended: datetime


@dataclass(eq=False)
class SignatureWrong(Refusal):
    """A signature is of one act alone: of this delegation, on these words, in this forum."""

    code: ClassVar[str] = "signature-wrong"
    sentence: ClassVar[str] = "The signature does not hold; what that key signs for this act is {expected}."
    expected: str


@dataclass(eq=False)
class SignatureOutOfTime(Refusal):
    """What was signed long ago, or tomorrow, may not be what the delegation wants now."""

    code: ClassVar[str] = "signature-out-of-time"
    sentence: ClassVar[str] = "The act was signed at {signed_at}; now it counts if that lies between {earliest} and {latest}."
    signed_at: datetime
    earliest: datetime
    latest: datetime


@dataclass(eq=False)
class SignedBeforeKey(Refusal):
    """A key signs from its registration on."""

    code: ClassVar[str] = "signed-before-key"
    sentence: ClassVar[str] = "The act was signed at {signed_at}, before its key was registered at {registered}."
    signed_at: datetime
    registered: datetime


@dataclass(eq=False)
class NonceUsed(Refusal):
    """A signature is accepted once: whoever has seen it cannot do the act again."""

    code: ClassVar[str] = "nonce-used"
    sentence: ClassVar[str] = "The nonce {nonce} was used for another act already; sign again with a new one."
    nonce: str


@dataclass(eq=False)
class SignatureRequired(Refusal):
    """Where the forum asks for it, a delegation that has a key signs what it does."""

    code: ClassVar[str] = "signature-required"
    sentence: ClassVar[str] = "{delegation} has registered a key, and this forum asks it to sign its positions."
    delegation: str


@dataclass(eq=False)
class SecretaryInPlace(Refusal):
    """A person is appointed once."""

    code: ClassVar[str] = "secretary-in-place"
    sentence: ClassVar[str] = "That person serves the forum already."


@dataclass(eq=False)
class NotSecretary(Refusal):
    """Only a secretary's service can end."""

    code: ClassVar[str] = "not-secretary"
    sentence: ClassVar[str] = "That person does not serve the forum."


@dataclass(eq=False)
class LastSecretary(Refusal):
    """A forum without a secretary could appoint none."""

    code: ClassVar[str] = "last-secretary"
    sentence: ClassVar[str] = "The forum would be left without a secretary; appoint the next one first."


@dataclass(eq=False)
class BookHasNoMembers(Refusal):
    """The public needs no key, and the secretariat's book opens to nobody."""

    code: ClassVar[str] = "book-has-no-members"
    sentence: ClassVar[str] = "This book has no delegations that could open it."


@dataclass(eq=False)
class ReaderConsentGiven(Refusal):
    """Consent is given once."""

    code: ClassVar[str] = "reader-consent-given"
    sentence: ClassVar[str] = "{delegation} has consented to that reader already."
    delegation: str


@dataclass(eq=False)
class ReaderConsentMissing(Refusal):
    """Only what was given can be taken back."""

    code: ClassVar[str] = "reader-consent-missing"
    sentence: ClassVar[str] = "{delegation} has not consented to that reader."
    delegation: str
