"""What a forum answers to what is asked of it: facts, or a refusal.

Each function takes the states that its rule needs, and nothing else; who may ask is not decided here.
"""

from collections.abc import Iterable
from datetime import datetime

from domain.forum.commands import (
    AdmitDelegation,
    AppointSecretary,
    DefineFormat,
    DelegationDescribed,
    EndCredential,
    EndKey,
    EndSecretary,
    FormatDescribed,
    FoundForum,
    IssueCredential,
    RegisterKey,
)
from domain.forum.events import (
    AudienceKind,
    CredentialEnded,
    CredentialIssued,
    DelegationAdmitted,
    FormatDefined,
    ForumFounded,
    KeyEnded,
    KeyRegistered,
    LetterReserved,
    ReaderConsented,
    ReaderEnded,
    Role,
    SecretaryAppointed,
    SecretaryEnded,
)
from domain.forum.forum import Format, Forum, Letter
from domain.forum.keys import KEY_OCTETS, SERVING, Keys, key_id
from domain.forum.people import Book, Credentials, Secretariat
from domain.forum.refusals import (
    AlreadyFounded,
    BookHasNoMembers,
    CredentialEndsBeforeItBegins,
    CredentialHasEnded,
    CredentialHeld,
    CredentialUnknown,
    DelegationExists,
    DelegationUnknown,
    FormatExists,
    FormatTooSmall,
    HeadInPlace,
    KeyExists,
    KeyHasEnded,
    KeyKindUnfit,
    KeyUnknown,
    KeyWrong,
    LanguageUnknown,
    LastHead,
    LastSecretary,
    LetterTaken,
    NoticeMissing,
    NotSecretary,
    ReaderConsentGiven,
    ReaderConsentMissing,
    SecretaryInPlace,
)
from domain.identity import CredentialId, DelegationCode, Language, PersonId
from domain.kernel import Decision


def found(command: FoundForum, forum: Forum | None = None) -> ForumFounded:
    """Found the forum itself, once; its delegations and formats are admitted and defined like later ones."""
    if forum is not None:
        raise AlreadyFounded(forum.founded.host)
    check_languages(command.name, command.languages)
    return ForumFounded(
        name=command.name,
        host=command.host,
        kind=command.kind,
        languages=command.languages,
        time_zone=command.time_zone,
        proposal_kinds=command.proposal_kinds,
        rules=command.rules,
    )


def admit(forum: Forum, command: AdmitDelegation | DelegationDescribed) -> DelegationAdmitted:
    """Give a delegation its seat (refusal 60: it keeps its code)."""
    if command.code in forum.delegations:
        raise DelegationExists(command.code)
    check_languages(command.names, forum.founded.languages)
    return DelegationAdmitted(command.code, command.names, command.time_zone)


def define(
    forum: Forum, format_: Format | None, letter: Letter | None, command: DefineFormat | FormatDescribed
) -> tuple[FormatDefined, LetterReserved]:
    """Define a format and reserve its letter."""
    if format_ is not None:
        raise FormatExists(command.code)
    if letter is not None:
        raise LetterTaken(command.letter, letter.format)
    check_languages(command.names, forum.founded.languages)
    check_delegations(command.members, forum)
    if len(command.members) < 2 or len(set(command.members)) < len(command.members):  # noqa: PLR2004  two meet
        raise FormatTooSmall(command.members)
    members = tuple(sorted(command.members))
    defined = FormatDefined(command.code, command.letter, command.names, members, command.listed)
    return defined, LetterReserved(command.letter, command.code)


def check_delegations(codes: Iterable[DelegationCode], forum: Forum) -> None:
    """Refuse a list that names a delegation which the forum has not."""
    for code in codes:
        if code not in forum.delegations:
            raise DelegationUnknown(code, tuple(sorted(forum.delegations)))


def check_languages(words: Iterable[Language], languages: tuple[Language, ...]) -> None:
    """Refuse words in a language that the forum does not work in."""
    for language in words:
        if language not in languages:
            raise LanguageUnknown(language, languages)


def issue_credential(
    delegation: DelegationCode,
    credentials: Credentials,
    command: IssueCredential,
    *,
    credential: CredentialId,
    by_secretary: bool,
    now: datetime,
) -> Decision:
    """Let a person act for the delegation. The secretary names a first head only, on the delegation's written notice."""
    if by_secretary:
        _check_first_head(delegation, credentials, command, now)
    begins = command.begins or now
    if command.ends is not None and command.ends <= begins:
        raise CredentialEndsBeforeItBegins(begins, command.ends)
    if held := credentials.within(command.person, begins, command.ends):
        raise CredentialHeld(delegation, held.role)
    return Decision(
        (CredentialIssued(delegation, credential, command.person, command.role, begins, command.ends, command.notice),)
    )


def _check_first_head(delegation: DelegationCode, credentials: Credentials, command: IssueCredential, now: datetime) -> None:
    if credentials.heads(now) or command.role is not Role.HEAD:
        raise HeadInPlace(delegation)
    if not command.notice:
        raise NoticeMissing(delegation)


def end_credential(delegation: DelegationCode, credentials: Credentials, command: EndCredential, *, now: datetime) -> Decision:
    """End a term. The last head stays until the next one is named."""
    ending = credentials.issued.get(command.credential)
    if ending is None:
        raise CredentialUnknown(delegation)
    if ending.ends is not None and ending.ends <= now:
        raise CredentialHasEnded(ending.ends)
    if [head.id for head in credentials.heads(now)] == [ending.id]:
        raise LastHead(delegation)
    return Decision((CredentialEnded(ending.id),))


def register_key(delegation: DelegationCode, known: Iterable[Keys], command: RegisterKey) -> Decision:
    """Let the delegation sign with a key that nobody has registered. ``known``: the keys of all delegations."""
    _check_key(command)
    key = key_id(command.kind, command.public)
    if holder := next((keys.delegation for keys in known if key in keys.registered), None):
        raise KeyExists(holder)
    return Decision((KeyRegistered(delegation, command.purpose, command.kind, command.public),))


def _check_key(command: RegisterKey) -> None:
    if command.kind not in SERVING[command.purpose]:
        raise KeyKindUnfit(command.kind, command.purpose, SERVING[command.purpose])
    if len(command.public) != KEY_OCTETS[command.kind]:
        raise KeyWrong(command.kind, KEY_OCTETS[command.kind], len(command.public))


def end_key(keys: Keys, command: EndKey) -> Decision:
    """End a key, once."""
    ending = keys.registered.get(command.key)
    if ending is None:
        raise KeyUnknown(keys.delegation)
    if ending.ended is not None:
        raise KeyHasEnded(ending.ended)
    return Decision((KeyEnded(keys.delegation, ending.id),))


def appoint_secretary(secretariat: Secretariat, command: AppointSecretary) -> Decision:
    """Let a person serve the forum."""
    if command.person in secretariat.secretaries:
        raise SecretaryInPlace
    return Decision((SecretaryAppointed(command.person),))


def end_secretary(secretariat: Secretariat, command: EndSecretary) -> Decision:
    """End a service. The last secretary stays until the next one is appointed."""
    if command.person not in secretariat.secretaries:
        raise NotSecretary
    if len(secretariat.secretaries) == 1:
        raise LastSecretary
    return Decision((SecretaryEnded(command.person),))


def consent_to_reader(book: Book, person: PersonId, delegation: DelegationCode) -> Decision:
    """Let a person read the book, for this delegation's part."""
    _check_openable(book)
    if delegation in book.consents.get(person, ()):
        raise ReaderConsentGiven(delegation)
    return Decision((ReaderConsented(person, delegation),))


def end_reader(book: Book, person: PersonId, delegation: DelegationCode) -> Decision:
    """Take the consent back."""
    _check_openable(book)
    if delegation not in book.consents.get(person, ()):
        raise ReaderConsentMissing(delegation)
    return Decision((ReaderEnded(person, delegation),))


def _check_openable(book: Book) -> None:
    if book.audience.kind in {AudienceKind.PUBLIC, AudienceKind.SECRETARIAT}:
        raise BookHasNoMembers
