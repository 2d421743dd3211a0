"""What the edge answers when it is no: one shape (RFC 9457), one table of statuses, one sentence in the reader's language.

Refusals come from the rules; what turns a request away before or beside them is here. Litestar's own exceptions and
anything unforeseen are brought into the same shape, so that nothing else leaves the program.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from inspect import getdoc
from typing import Any, ClassVar, Final, cast

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from api.flaws import Flaw, Place, Wrong, heard
from api.languages import Tongue, negotiate, translate
from application import access, cosigning, people
from application.accord import LaggingError
from application.acts import signing
from application.desk import ChangedError, NotThereError, PreconditionMissingError, UnknownPersonError
from application.listeners import TooManyListenersError
from application.people import UnknownPersonError as UnknownIdError
from application.ports import Busy, KeyReused, RevokedError
from application.replay import asked as replays
from application.views.pages import MalformedCursorError, ViewsBehindError
from domain.conferences import refusals as conferences
from domain.drafts import refusals as drafts
from domain.epochs import refusals as epochs
from domain.erasures import refusals as erasures
from domain.forum import refusals as forum
from domain.kernel import Refusal
from domain.prepared.prepared import PreparedActDone, PreparedWordsErased
from domain.proposals import refusals as proposals

MEDIA_TYPE: Final = "application/problem+json"

BODY_LIMIT: Final = 1024 * 1024
"""The most bytes of a request's body."""

VARY: Final = "Authorization, Cookie, Accept-Language"
CACHE_CONTROL: Final = "private, no-cache"
"""An answer is made for one reader, and asked for again each time."""

STATUS: Final[Mapping[type[Refusal], int]] = {
    forum.AlreadyFounded: 409,
    forum.DelegationExists: 409,
    forum.DelegationUnknown: 422,
    forum.FormatExists: 409,
    forum.LetterTaken: 409,
    forum.FormatTooSmall: 422,
    epochs.NoSlotLeft: 409,
    forum.LanguageUnknown: 422,
    forum.CredentialUnknown: 422,
    forum.CredentialHasEnded: 409,
    forum.CredentialHeld: 409,
    forum.CredentialEndsBeforeItBegins: 422,
    forum.HeadInPlace: 403,
    forum.NoticeMissing: 422,
    forum.LastHead: 409,
    forum.KeyWrong: 422,
    forum.KeyKindUnfit: 422,
    forum.KeyExists: 409,
    forum.KeyUnknown: 422,
    forum.KeyHasEnded: 409,
    forum.SignatureWrong: 422,
    forum.SignatureOutOfTime: 422,
    forum.SignedBeforeKey: 422,
    forum.NonceUsed: 409,
    forum.SignatureRequired: 422,
    forum.SecretaryInPlace: 409,
    forum.NotSecretary: 409,
    forum.LastSecretary: 409,
    forum.BookHasNoMembers: 409,
    forum.ReaderConsentGiven: 409,
    forum.ReaderConsentMissing: 409,
    conferences.EditionExists: 409,
    conferences.EditionEndsBeforeItStarts: 422,
    conferences.EditionNotSo: 409,
    conferences.ChairInPlace: 409,
    conferences.SittingUnknown: 422,
    conferences.NotOfTheFormat: 422,
    conferences.AgendaHasClosed: 409,
    drafts.DraftHasClosed: 409,
    drafts.NobodyToShareWith: 409,
    drafts.DraftNotShareable: 409,
    drafts.WordsUnknown: 422,
    PreparedActDone: 409,
    PreparedWordsErased: 409,
    erasures.FactUnknown: 422,
    erasures.NotErasable: 422,
    erasures.AlreadyErased: 409,
    erasures.ErasureUnknown: 422,
    erasures.ErasureApprovedAlready: 409,
    proposals.ProposalClosed: 409,
    proposals.SilenceRuns: 409,
    proposals.NoSilenceRuns: 409,
    proposals.RevisionNotCurrent: 412,  # the revision that an act names is its precondition: the text was read before it changed
    proposals.NothingChanged: 422,
    proposals.ChangeUnmarked: 422,
    proposals.MarkWithoutChange: 422,
    proposals.MarkTooLight: 422,
    proposals.ProvisionUnknown: 422,
    proposals.TitleMissing: 422,
    proposals.WordsMissing: 422,
    proposals.LanguageNotOfForum: 422,
    proposals.KindUnknown: 422,
    proposals.KindForChair: 403,
    proposals.KindNotForChair: 403,
    proposals.EditionTakesNoMore: 409,
    proposals.PredecessorUnknown: 422,
    proposals.NotAMember: 403,
    proposals.NotPenholder: 403,
    proposals.NotMainSponsor: 403,
    proposals.SponsorAlready: 409,
    proposals.NotASponsor: 409,
    proposals.MainSponsorStays: 409,
    proposals.SponsorObjects: 409,
    proposals.PenAlreadyThere: 409,
    proposals.PositionUnchanged: 409,
    proposals.ReasonMissing: 422,
    proposals.ReservationMissing: 422,
    proposals.DueDateWrong: 422,
    proposals.NothingToReaffirm: 409,
    proposals.NothingToContest: 409,
    proposals.NoObjectionStands: 409,
    proposals.NothingPending: 409,
    proposals.NothingToCertify: 409,
    proposals.QuorumMissing: 409,
    proposals.NoticeTooShort: 409,
    proposals.ConfirmationPending: 409,
    proposals.ObjectionStands: 409,
    proposals.SilenceTooShort: 422,
    proposals.LanguagesMissing: 409,
    proposals.NotLater: 422,
    proposals.ReceiptGiven: 409,
    proposals.OutcomeDoesNotFit: 422,
    proposals.IsDeferred: 409,
    proposals.NotDeferred: 409,
    proposals.EditionNotLater: 422,
    proposals.MergeTargetUnknown: 422,
    proposals.TargetNotSponsored: 409,
    proposals.TooFewParts: 422,
    proposals.ProvisionLeftOut: 422,
    proposals.ProvisionNotInRevision: 422,
    proposals.NotAChairsStatement: 409,
    proposals.IsAChairsStatement: 409,
    proposals.NotAdopted: 409,
    proposals.NoTimelyObjection: 409,
    proposals.ReceivedLater: 422,
    proposals.ReferenceMissing: 422,
    proposals.NothingGiven: 409,
    proposals.StatementEmpty: 422,
    proposals.StatementTooLate: 409,
    proposals.DissociationUnclear: 422,
    proposals.StatementUnknown: 422,
    proposals.NotInvited: 409,
    proposals.NothingFellAway: 409,
    proposals.NotReleasable: 409,
    proposals.ForumComesFirst: 409,
    proposals.ReleaseAskedAlready: 409,
    proposals.ReleaseNotAsked: 409,
    proposals.ReleasedAlready: 409,
    proposals.ReleaseConsentGiven: 409,
    proposals.ReleaseConsentMissing: 409,
    proposals.ChairDoesNotConsent: 422,
    access.MayNot: 403,
    cosigning.CosignerUnknown: 422,
    cosigning.CosignatureWrong: 422,
    people.NameErased: 409,
    access.OwnPositionOnly: 403,
    access.InstructionWrong: 422,
    signing.SignatureUnfit: 422,
    replays.StillToCome: 422,
    replays.PastTheEnd: 422,
    replays.NotBegunYet: 422,
}
"""409: the state forbids it. 422: a rule forbids what was said. 403: another may do it. 412: it changed since it was read."""


class TurnedAway(Exception):
    """The edge says no, before or beside the rules. A subclass is a dataclass, with a code and a sentence as a Refusal has."""

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    sentence: ClassVar[str]

    def values(self) -> dict[str, object]:
        """The values that explain it, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    def headers(self) -> dict[str, str]:
        """The header fields that the status asks for."""
        return {}


@dataclass(eq=False)
class Malformed(TurnedAway):
    """The request cannot be read as what it should be. ``errors`` names each place, where there is one."""

    code: ClassVar[str] = "malformed"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "Malformed request"
    sentence: ClassVar[str] = "The request cannot be read as what is expected here."
    errors: tuple[Flaw, ...] = ()


@dataclass(eq=False)
class Unauthenticated(TurnedAway):
    """No credential came with the request, or one that is unknown, revoked or expired: which of them is not told."""

    code: ClassVar[str] = "unauthenticated"
    status: ClassVar[int] = 401
    title: ClassVar[str] = "Not authenticated"
    sentence: ClassVar[str] = "This needs a valid token or session."

    def headers(self) -> dict[str, str]:
        """How to authenticate."""
        return {"WWW-Authenticate": "Bearer"}


@dataclass(eq=False)
class Forbidden(TurnedAway):
    """A form came without the mark of the page that it belongs to."""

    code: ClassVar[str] = "forbidden"
    status: ClassVar[int] = 403
    title: ClassVar[str] = "Forbidden"
    sentence: ClassVar[str] = "The request was not allowed; load the page again and repeat it."


@dataclass(eq=False)
class NotThere(TurnedAway):
    """There is no such thing, or it is not for this reader. Both answers are the same to the byte."""

    code: ClassVar[str] = "not-found"
    status: ClassVar[int] = 404
    title: ClassVar[str] = "Not found"
    sentence: ClassVar[str] = "There is nothing here that you may read."


@dataclass(eq=False)
class MethodNotAllowed(TurnedAway):
    """The address takes other methods."""

    code: ClassVar[str] = "method-not-allowed"
    status: ClassVar[int] = 405
    title: ClassVar[str] = "Method not allowed"
    sentence: ClassVar[str] = "This address takes {methods}."
    methods: tuple[str, ...]

    def headers(self) -> dict[str, str]:
        """The methods that it takes."""
        return {"Allow": ", ".join(self.methods)}


@dataclass(eq=False)
class PreconditionFailed(TurnedAway):
    """``If-Match`` names another state of the thing than its present one. Read it again before deciding."""

    code: ClassVar[str] = "precondition-failed"
    status: ClassVar[int] = 412
    title: ClassVar[str] = "Precondition failed"
    sentence: ClassVar[str] = "This changed since you read it; read it again."


@dataclass(eq=False)
class TooLarge(TurnedAway):
    """The body is larger than any request needs to be; ``limit`` is in bytes."""

    code: ClassVar[str] = "too-large"
    status: ClassVar[int] = 413
    title: ClassVar[str] = "Content too large"
    sentence: ClassVar[str] = "The body is larger than {limit} bytes."
    limit: int = BODY_LIMIT


@dataclass(eq=False)
class UnsupportedMediaType(TurnedAway):
    """The body is of another kind than what is read here."""

    code: ClassVar[str] = "unsupported-media-type"
    status: ClassVar[int] = 415
    title: ClassVar[str] = "Unsupported media type"
    sentence: ClassVar[str] = "The body is read as {expected}, in UTF-8 and not compressed."
    expected: str = "application/json"


@dataclass(eq=False)
class PersonUnknown(TurnedAway):
    """An act names a person whom nobody added, or whose name is erased. The record would speak of nobody."""

    code: ClassVar[str] = "person-unknown"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "Person unknown"
    sentence: ClassVar[str] = "There is no such person here; add the person first."


@dataclass(eq=False)
class KeyTaken(TurnedAway):
    """The idempotency key stands in the record with another request of the same actor."""

    code: ClassVar[str] = "key-reused"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "Idempotency key reused"
    sentence: ClassVar[str] = "The idempotency key was used for another request; take a new one."


@dataclass(eq=False)
class PreconditionRequired(TurnedAway):
    """A write to a thing names the state that it was read in."""

    code: ClassVar[str] = "precondition-required"
    status: ClassVar[int] = 428
    title: ClassVar[str] = "Precondition required"
    sentence: ClassVar[str] = "Send the entity tag that you read, in the header {header}."
    header: str = "If-Match"


@dataclass(eq=False)
class TooManyRequests(TurnedAway):
    """The reader asks more often than the forum serves; ``retry_after`` is in seconds."""

    code: ClassVar[str] = "too-many-requests"
    status: ClassVar[int] = 429
    title: ClassVar[str] = "Too many requests"
    sentence: ClassVar[str] = "Too many requests; ask again in {retry_after} s."
    retry_after: int = 1

    def headers(self) -> dict[str, str]:
        """When to ask again."""
        return {"Retry-After": str(self.retry_after)}


@dataclass(eq=False)
class Occupied(TurnedAway):
    """The queue of what waits to be recorded is full, or the database does not answer; ``retry_after`` is in seconds.

    Nothing is known to have been recorded: the same request under the same idempotency key is safe to repeat.
    """

    code: ClassVar[str] = "busy"
    status: ClassVar[int] = 503
    title: ClassVar[str] = "Busy"
    sentence: ClassVar[str] = "The record cannot take this now; repeat it under the same key in {retry_after} s."
    retry_after: int = 1

    def headers(self) -> dict[str, str]:
        """When to ask again."""
        return {"Retry-After": str(self.retry_after)}


@dataclass(eq=False)
class Lagging(TurnedAway):
    """What is shown has not yet reached the position that the reader asks for; ``retry_after`` is in seconds."""

    code: ClassVar[str] = "lagging"
    status: ClassVar[int] = 503
    title: ClassVar[str] = "Lagging"
    sentence: ClassVar[str] = "What you asked to see is recorded but not yet shown; ask again in {retry_after} s."
    retry_after: int = 1

    def headers(self) -> dict[str, str]:
        """When to ask again."""
        return {"Retry-After": str(self.retry_after)}


@dataclass(eq=False)
class Internal(TurnedAway):
    """A mistake of the program. What it was stands in the operator's log and nowhere else."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    sentence: ClassVar[str] = "The program made a mistake; the operator's log has it."


TURNED_AWAY: Final[tuple[type[TurnedAway], ...]] = (
    Malformed,
    Unauthenticated,
    Forbidden,
    NotThere,
    MethodNotAllowed,
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    PersonUnknown,
    KeyTaken,
    PreconditionRequired,
    TooManyRequests,
    Internal,
    Occupied,
    Lagging,
)


class Description(Struct, frozen=True):
    """What is behind the address that a problem's ``type`` gives."""

    code: str
    title: str
    status: int
    sentence: str
    about: str


_NUMBERS: Final = re.compile(r"\s\((?:refusal )?[0-9]+(?:, [0-9]+)*\)")
"""The numbers of a rule in its source: of use beside the code only."""


def _described(kind: type[Refusal | TurnedAway]) -> Description:
    about = _NUMBERS.sub("", getdoc(kind) or "")
    return Description(kind.code, title_of(kind), status_of(kind), kind.sentence, about)


def title_of(kind: type[Refusal | TurnedAway]) -> str:
    """The stable English title; of a refusal, its code in words."""
    return kind.title if issubclass(kind, TurnedAway) else kind.code.replace("-", " ").capitalize()


def status_of(kind: type[Refusal | TurnedAway]) -> int:
    """The status of the answer."""
    return kind.status if issubclass(kind, TurnedAway) else STATUS[kind]


DESCRIPTIONS: Final[Mapping[str, Description]] = {kind.code: _described(kind) for kind in (*TURNED_AWAY, *STATUS)}
"""By code: every problem that there is."""


class Mistake(Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong with a malformed request: a JSON pointer into the body, a parameter or a header."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why the answer is no (RFC 9457). The values in ``detail`` are members beside these, each under its own name."""

    type: str
    """The address of its description: ``/problems/`` and the code."""
    title: str
    """In English, the same for each problem of the type."""
    status: int
    detail: str
    """In the reader's language."""
    errors: tuple[Mistake, ...] = ()
    """What is wrong with a malformed request."""


MEANING: Final[Mapping[int, str]] = {
    400: "The request is malformed",
    401: "A credential is missing or not valid",
    403: "Not yours to do",
    404: "Not there, or not for you",
    405: "The address takes other methods",
    409: "The state forbids it",
    412: "It changed since it was read",
    413: "The body is too large",
    415: "The body is of another media type",
    422: "A rule forbids what was said",
    428: "A precondition is missing",
    429: "Too many requests",
    500: "A mistake of the program",
    503: "Ask again shortly",
}


def responses(*statuses: int) -> dict[int, ResponseSpec]:
    """What a route documents of its problems."""
    return {status: _response(status) for status in statuses}


def _response(status: int) -> ResponseSpec:
    codes = sorted(about.code for about in DESCRIPTIONS.values() if about.status == status)
    return ResponseSpec(
        data_container=Problem,
        generate_examples=False,
        description=f"{MEANING[status]}: {', '.join(codes)}.",
        media_type=MEDIA_TYPE,
    )


_MEMBER: Final[Mapping[str, str]] = {"status": "state"}
"""Where RFC 9457 has a member of the name of a value."""


def told(problem: Refusal | TurnedAway, tongue: Tongue) -> dict[str, object]:
    """The members of the answer."""
    values = problem.values()
    kind = type(problem)
    return {
        "type": f"/problems/{kind.code}",
        "title": title_of(kind),
        "status": status_of(kind),
        "detail": translate(kind.sentence, tongue, values),
        **{_MEMBER.get(name, name): _as_member(value, tongue) for name, value in values.items()},
    }


def _as_member(value: object, tongue: Tongue) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC)
        case Flaw():
            return {value.place: value.name, "detail": translate(value.wrong, tongue, value.values)}
        case tuple():
            return [_as_member(entry, tongue) for entry in cast("tuple[object, ...]", value)]
        case _:
            return value


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer to a request that was refused, turned away, or broke something."""
    problem = understood(error)
    tongue = negotiate(request.headers.get("Accept-Language"))
    return Response(
        msgspec.json.encode(told(problem, tongue)),
        status_code=status_of(type(problem)),
        media_type=MEDIA_TYPE,
        headers={
            "Content-Language": tongue,
            "Cache-Control": CACHE_CONTROL,
            "Vary": VARY,
            **(problem.headers() if isinstance(problem, TurnedAway) else {}),
        },
    )


EXCEPTION_HANDLERS: Final[MutableMapping[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]]] = {
    HTTPException: answer,
    Exception: answer,
}
"""For the application as a whole: nothing is answered in another shape, a mistake of the program neither."""


def understood(error: Exception) -> Refusal | TurnedAway:
    """What an exception says to whoever asked."""
    match error:
        case Refusal() | TurnedAway():
            return error
        case ValidationException():
            return Malformed(_flaws(error))
        case HTTPException():
            return _by_status(error)
        case _:
            return _STANDS_FOR.get(type(error), Internal)()


def _cursor() -> Malformed:
    return Malformed((Flaw(Wrong.CURSOR, "after", "parameter"),))


_STANDS_FOR: Final[Mapping[type[Exception], Callable[[], TurnedAway]]] = {
    NotThereError: NotThere,
    UnknownPersonError: Unauthenticated,
    UnknownIdError: PersonUnknown,
    PreconditionMissingError: PreconditionRequired,
    ChangedError: PreconditionFailed,
    KeyReused: KeyTaken,
    RevokedError: Unauthenticated,
    Busy: Occupied,
    TooManyListenersError: TooManyRequests,
    LaggingError: Lagging,
    ViewsBehindError: Lagging,
    MalformedCursorError: _cursor,
}
"""What an exception of the application means out here."""


def _by_status(error: HTTPException) -> TurnedAway:
    """Litestar's own exceptions, whose words may hold the address and are never passed on."""
    match error.status_code:
        case 405:
            return MethodNotAllowed(_methods(error.headers or {}))
        case status if status in _BY_STATUS:
            return _BY_STATUS[status]()
        case status:
            return Malformed() if status < 500 else Internal()  # noqa: PLR2004


_BY_STATUS: Final[Mapping[int, Callable[[], TurnedAway]]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotThere,
    413: TooLarge,
    415: UnsupportedMediaType,
    429: TooManyRequests,
    503: Occupied,
}


def _methods(headers: Mapping[str, str]) -> tuple[str, ...]:
    listed = {name.lower(): value for name, value in headers.items()}.get("allow", "")
    return tuple(sorted(method.strip() for method in listed.split(",") if method.strip()))


class _Complaint(Struct, frozen=True):
    """What Litestar says of one argument of a route."""

    message: str
    key: str = ""
    source: str = ""


_PLACE: Final[Mapping[str, Place]] = {"query": "parameter", "path": "parameter", "header": "header", "cookie": "header"}

_MISSING: Final = re.compile(r"Missing required (?P<source>\w+) parameter '(?P<key>[^']*)'", re.ASCII)


def _flaws(error: ValidationException) -> tuple[Flaw, ...]:
    if found := _MISSING.search(error.detail):
        return (Flaw(Wrong.PARAMETER_MISSING, found["key"], _PLACE.get(found["source"], "parameter")),)
    if not isinstance(error.extra, list):
        return ()
    return tuple(_flaw(msgspec.convert(extra, _Complaint)) for extra in cast("Sequence[object]", error.extra))


def _flaw(complaint: _Complaint) -> Flaw:
    wrong, values = heard(complaint.message)
    return Flaw(wrong, complaint.key, _PLACE.get(complaint.source, "parameter"), values)
