"""Delegations, formats, credentials, keys, secretaries, and the opening of books."""

from application.access import Capacity
from application.acts.founding import delegations_audience
from application.desk import Desk, NotThereError
from application.directory import Directory
from application.etags import etag
from application.tracker import Task
from domain.epochs.epochs import check_room
from domain.forum import decide
from domain.forum.commands import (
    AdmitDelegation,
    AppointSecretary,
    ConsentToReader,
    DefineFormat,
    EndCredential,
    EndKey,
    EndReader,
    EndSecretary,
    IssueCredential,
    RegisterKey,
)
from domain.forum.events import Audience, AudienceKind, BookOpened, SignerKeyAnnounced
from domain.forum.forum import Format, Forum, Letter
from domain.forum.keys import Keys
from domain.forum.people import Book, Credentials, Secretariat
from domain.identity import BookId, CredentialId, DelegationCode, StreamId


def admit_delegation(directory: Directory, command: AdmitDelegation) -> Task:
    """Give a delegation its seat and its book."""
    stream = StreamId(directory.forum_id)

    async def act(desk: Desk) -> None:
        folded, forum = await desk.get(stream, Forum)
        await desk.act(AdmitDelegation, desk.person.capacities(members=None, chair=None))
        desk.write(stream, folded.book, (decide.admit(forum, command),))
        _open_book(desk, delegations_audience((command.code,)))

    return Task(stream, act)


def announce_keys(directory: Directory, announced: SignerKeyAnnounced) -> Task:
    """Write down which keys sign the books from now on: nobody's act. It stands where the forum itself does, before the public."""
    stream = StreamId(directory.forum_id)

    async def act(desk: Desk) -> None:
        folded, _ = await desk.get(stream, Forum)
        desk.write(stream, folded.book, (announced,))

    return Task(stream, act)


def define_format(directory: Directory, command: DefineFormat) -> Task:
    """Let delegations meet as such. What defines an unlisted format, and takes its letter, stands in its own book."""
    stream = directory.stream_of("format", command.code)
    letter = directory.stream_of("letter", command.letter)

    async def act(desk: Desk) -> None:
        await desk.act(DefineFormat, desk.person.capacities(members=None, chair=None))
        _, known = await desk.find(stream, Format)
        _, taken = await desk.find(letter, Letter)
        forum = await desk.forum()
        defined, reserved = decide.define(forum, known, taken, command)
        check_room(len(desk.directory.books_of_formats(desk.books)) + 1, forum.founded.rules.slots)
        own = _open_book(desk, Audience(AudienceKind.FORMAT, command.code, defined.members))
        book = desk.public_book() if command.listed else own
        desk.write(stream, book, (defined,))
        desk.write(letter, book, (reserved,))

    return Task(stream, act)


def issue_credential(directory: Directory, delegation: DelegationCode, command: IssueCredential) -> Task:
    """Let a person act for a delegation."""
    stream = directory.stream_of("credentials", delegation)

    async def act(desk: Desk) -> None:
        credentials = await _credentials(desk, delegation, stream)
        acting = await desk.act(IssueCredential, desk.person.capacities(members={delegation}, chair=None))
        decision = decide.issue_credential(
            delegation,
            credentials,
            command,
            credential=CredentialId(desk.ids.new()),
            by_secretary=acting.capacity is Capacity.SECRETARY,
            now=desk.now,
        )
        desk.decide(stream, desk.forum_book(), decision)

    return Task(stream, act)


def end_credential(directory: Directory, delegation: DelegationCode, command: EndCredential) -> Task:
    """End a term."""
    stream = directory.stream_of("credentials", delegation)

    async def act(desk: Desk) -> None:
        credentials = await _credentials(desk, delegation, stream)
        desk.unchanged(etag(desk.expected[stream]))
        await desk.act(EndCredential, desk.person.capacities(members={delegation}, chair=None))
        decision = decide.end_credential(delegation, credentials, command, now=desk.now)
        desk.decide(stream, desk.forum_book(), decision)

    return Task(stream, act)


def register_key(directory: Directory, delegation: DelegationCode, command: RegisterKey) -> Task:
    """Let a delegation sign with a key. The keys of all others are relied upon, and that there are no others."""
    stream = directory.stream_of("keys", delegation)

    async def act(desk: Desk) -> None:
        _check_delegation(desk, delegation)
        await desk.get(StreamId(directory.forum_id), Forum)
        known = [await _keys(desk, code) for code in sorted(desk.directory.delegations())]
        await desk.act(RegisterKey, desk.person.capacities(members={delegation}, chair=None))
        desk.decide(stream, desk.forum_book(), decide.register_key(delegation, known, command))

    return Task(stream, act)


def end_key(directory: Directory, delegation: DelegationCode, command: EndKey) -> Task:
    """End a key."""
    stream = directory.stream_of("keys", delegation)

    async def act(desk: Desk) -> None:
        _check_delegation(desk, delegation)
        keys = await _keys(desk, delegation)
        desk.unchanged(etag(desk.expected[stream]))
        await desk.act(EndKey, desk.person.capacities(members={delegation}, chair=None))
        desk.decide(stream, desk.forum_book(), decide.end_key(keys, command))

    return Task(stream, act)


def change_secretariat(directory: Directory, command: AppointSecretary | EndSecretary) -> Task:
    """Appoint a secretary, or end a service."""
    stream = directory.stream_of("secretariat")

    async def act(desk: Desk) -> None:
        folded, secretariat = await desk.get(stream, Secretariat)
        await desk.act(type(command), desk.person.capacities(members=None, chair=None))
        match command:
            case AppointSecretary():
                desk.decide(stream, folded.book, decide.appoint_secretary(secretariat, command))
            case EndSecretary():
                desk.decide(stream, folded.book, decide.end_secretary(secretariat, command))

    return Task(stream, act)


def change_readers(directory: Directory, book: BookId, command: ConsentToReader | EndReader) -> Task:
    """Let a person read a book, for one's own part, or take that back."""
    stream = _stream_of_book(directory, book)

    async def act(desk: Desk) -> None:
        folded, opened = await desk.get(stream, Book)
        members = frozenset(opened.audience.members) or frozenset(desk.directory.delegations())
        acting = await desk.act(type(command), desk.person.capacities(members=members, chair=None))
        assert acting.delegation is not None, "a head acts for a delegation"
        match command:
            case ConsentToReader(person=person):
                desk.decide(stream, folded.book, decide.consent_to_reader(opened, person, acting.delegation))
            case EndReader(person=person):
                desk.decide(stream, folded.book, decide.end_reader(opened, person, acting.delegation))

    return Task(stream, act)


def _stream_of_book(directory: Directory, book: BookId) -> StreamId:
    """The stream that a book's audience and readers stand in; of an unknown book a stream that is not there."""
    return directory.stream_of_book(book) or StreamId(book)


def _open_book(desk: Desk, audience: Audience) -> BookId:
    book = BookId(desk.ids.new())
    desk.write(desk.directory.stream_of("book", *audience.names), book, (BookOpened(audience),))
    return book


def _check_delegation(desk: Desk, delegation: DelegationCode) -> None:
    """Raises NotThereError, also for whom the forum's book is closed."""
    if delegation not in desk.directory.delegations() or desk.forum_book() not in desk.books:
        raise NotThereError


async def _keys(desk: Desk, delegation: DelegationCode) -> Keys:
    _, keys = await desk.find(desk.directory.stream_of("keys", delegation), Keys)
    return keys or Keys(delegation)


async def _credentials(desk: Desk, delegation: DelegationCode, stream: StreamId) -> Credentials:
    _check_delegation(desk, delegation)
    _, credentials = await desk.find(stream, Credentials)
    return credentials or Credentials(delegation)
