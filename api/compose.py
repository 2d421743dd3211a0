"""The composition root: settings become objects here, and nowhere else is the infrastructure known."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from os import urandom
from pathlib import Path
from typing import Literal

import psycopg
import structlog
from msgspec import Struct

from api.settings import Settings
from application.accord import Accord
from application.acts import founding
from application.clock import RecordClock, keep
from application.comparisons import Comparisons
from application.cosigning import Cosigning
from application.directory import Directory
from application.follower import Follower
from application.ids import Entropy, Ids
from application.listeners import Listeners
from application.memory import Memory
from application.people import People
from application.ports import KeyReused, Receipt, Signer, Submission
from application.promises import Promises
from application.reactions.announcing import watch_keys
from application.reactions.epochs import Sealing
from application.reactions.watch import watch
from application.tracker import Tracker
from application.trust import Keyring
from domain.forum.commands import FoundForum, RegisterKey
from domain.forum.events import KeyKind, KeyPurpose
from domain.forum.refusals import AlreadyFounded
from domain.identity import BookId, CommandId, DelegationCode, ForumId, PersonId
from domain.record.malformed import Malformed
from domain.record.note import Kind
from infrastructure.eventlog import sessions
from infrastructure.eventlog.mapper import UnknownFactError
from infrastructure.eventlog.postgres import PostgresEventLog
from infrastructure.people import PostgresPeople
from infrastructure.postgres import dumps, roles
from infrastructure.postgres.embedded import Server, data_folder
from infrastructure.postgres.migrate import migrate
from infrastructure.projections.readers.agreements import PostgresAgreements
from infrastructure.projections.readers.drafts import PostgresDrafts
from infrastructure.projections.readers.prepared import PostgresPrepared
from infrastructure.projections.readers.progress import PostgresProgress
from infrastructure.projections.readers.proposals import PostgresProposals
from infrastructure.projections.readers.wall import Views
from infrastructure.projections.rebuild import PROJECTIONS, BeingRebuiltError, UnknownProjectionError, named, rebuild
from infrastructure.projections.runner import (
    NoOpportunityError,
    Parked,
    Progress,
    Runner,
    parked,
    progress,
    resume,
    sentence,
)
from infrastructure.projections.waiting import Projected
from infrastructure.record import ciphers, keyfiles
from infrastructure.record.books import PostgresBooks
from infrastructure.record.bundle import Spool
from infrastructure.record.commitments import PostgresCommitments
from infrastructure.record.cosignatures import PostgresCosignatures
from infrastructure.record.keeper import Keeper
from infrastructure.record.keyfiles import KeyFileError
from infrastructure.record.publisher import Nobody
from infrastructure.record.signer import child, keys, server, sockets
from infrastructure.record.signer import folder as folders
from infrastructure.record.signer.client import Client
from infrastructure.record.signer.errors import FolderError
from infrastructure.record.signer.keys import Use
from infrastructure.record.slots import PostgresSlots
from infrastructure.record.verification import Verifier, read_policy
from infrastructure.record.witness import process
from infrastructure.record.witness import running as witnesses
from infrastructure.record.witness.alarms import Alarm
from infrastructure.record.witness.errors import Away, Refused, Unknown, WitnessError
from infrastructure.record.witness.folder import is_made, thaw
from infrastructure.replica import Replica
from infrastructure.words import words

log = structlog.get_logger()

FOUNDING_KEY = sha256(b"accord/founding/v1").digest()[:16]
"""Under which a record is founded once, whoever tries it at the same time."""
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""A founding relies on no time."""
RESTART_SECONDS = 1.0
"""How long a part of the process that failed rests before it is started again."""


class NotFoundedError(Exception):
    """The database serves no forum yet."""

    def __init__(self) -> None:
        super().__init__("No forum is founded here yet: `accord init FORUM.toml` founds one.")


class NotServingError(Exception):
    """The program could serve, but must not."""


class NotRebuiltError(Exception):
    """A view was not built anew, and why."""


class SignerFolderError(Exception):
    """The signer's folder cannot be used so; the sentence says why."""


class KeyUnusableError(Exception):
    """The file of a private key cannot be made or used; the sentence says why."""


class NotDoneError(Exception):
    """The database was not backed up or restored; the sentence says why."""


class NotWitnessedError(Exception):
    """A witness cannot do its work, and why: the forum is ``away``, its token ``unknown``, it ``refused``, or the ``folder`` is wrong."""

    def __init__(self, sentence: str, why: Literal["away", "unknown", "refused", "folder"] = "folder") -> None:
        super().__init__(sentence)
        self.why = why


class WitnessMade(Struct, frozen=True):
    """A witness's public key, and the fingerprints of the keys that it believes to be the forum's."""

    key: str
    host: str
    fingerprints: tuple[str, ...]


class Addresses(Struct, frozen=True):
    """One database, for each role."""

    owner: str
    app: str
    projector: str
    read: str | None = None
    """Of a replica, for the app."""


@asynccontextmanager
async def signing(settings: Settings, folder: Path | None) -> AsyncGenerator[Signer]:
    """The signer of the settings; without one, a child process of our own in the data folder, for as long as this lasts."""
    async with AsyncExitStack() as stack:
        socket = settings.signer
        if socket is None:
            home = signer_folder(settings, folder)
            await stack.enter_async_context(_running(lambda: child.keep(home)))
            socket = sockets.path(home)
        yield await stack.enter_async_context(aclosing(Client(socket)))


def signer_folder(settings: Settings, folder: Path | None) -> Path:
    """Where the signer of a data folder has its keys."""
    return data_folder(folder or settings.data) / "signer"


def verifier(settings: Settings, folder: Path | None, policy: Path | None) -> Verifier:
    """Who checks what somebody was handed, with their policy and their memory of what they saw. Raises NotDoneError."""
    try:
        believed = None if policy is None else read_policy(policy)
    except (OSError, Malformed) as error:
        raise NotDoneError(f"{policy} is no policy: {error}") from None
    return Verifier(believed, data_folder(folder or settings.data) / "seen")


def make_signer(folder: Path) -> None:
    """Make a signer's folder with keys of its own. Raises SignerFolderError."""
    with _in_a_sentence():
        folders.make(folder)


def run_signer(folder: Path, group: str | None, say: Callable[[str], None]) -> None:
    """Sign until asked to stop. Raises SignerFolderError."""
    with _in_a_sentence():
        server.run(folder, say, group=group)


def adopt_checkpoints(folder: Path, notes: Sequence[bytes]) -> list[str]:
    """Begin a lost state anew from checkpoints; which, in words. Raises SignerFolderError."""
    with _in_a_sentence():
        return [f"{tree.origin} at {tree.size}" for tree in folders.adopt(folder, notes)]


def rotate_keys(folder: Path, use: Use, overlap: timedelta) -> datetime:
    """Give a key a successor; until when both sign. Raises SignerFolderError."""
    with _in_a_sentence():
        return keys.rotate(folder, use, datetime.now(UTC), overlap)


@contextmanager
def _in_a_sentence() -> Generator[None]:
    try:
        yield
    except (FolderError, KeyFileError) as error:
        raise SignerFolderError(str(error)) from None


@contextmanager
def database(settings: Settings, folder: Path | None, say: Callable[[str], None]) -> Generator[Addresses]:
    """The database of the settings; without one, the embedded server of the data folder, for as long as this lasts.

    A database that was named and does not answer is never replaced by the embedded one.
    """
    if settings.database_url is not None:
        owner = settings.database_url
        app, projector = settings.database_app_url or owner, settings.database_projector_url or owner
        yield Addresses(owner, app, projector, settings.database_read_url)
        return
    with Server(data_folder(folder or settings.data), say=say) as server:
        found = server.database()
        yield Addresses(found.owner_url, found.app_url, found.projector_url)


def bring_up_to_date(addresses: Addresses) -> list[str]:
    """Run the migrations that the database lacks; their names."""
    return migrate(addresses.owner, roles.passwords(addresses.app, addresses.projector))


def back_up(addresses: Addresses, file: Path) -> None:
    """Write the database to a new file. Raises NotDoneError."""
    try:
        dumps.dump(addresses.owner, file)
    except dumps.DumpError as error:
        raise NotDoneError(str(error)) from None


def put_back(addresses: Addresses, file: Path) -> dumps.Restored:
    """Fill an empty database from a file, and run the migrations that it lacks. Raises NotDoneError."""
    try:
        dumps.restore(addresses.owner, roles.passwords(addresses.app, addresses.projector), file)
        bring_up_to_date(addresses)
        return dumps.restored(addresses.owner)
    except (dumps.DumpError, roles.AdministratorNeededError) as error:
        raise NotDoneError(str(error)) from None


def refuse_privileged(addresses: Addresses) -> None:
    """Refuse to serve as a role that could get around the walls; so on a replica, where roles are as on the primary.

    Raises NotServingError.
    """
    if addresses.read is not None and roles.name(addresses.read) != roles.name(addresses.app):
        raise NotServingError("DATABASE_READ_URL names another role than DATABASE_APP_URL.")
    for address in (addresses.app, addresses.projector):
        with psycopg.connect(address) as session:
            try:
                roles.refuse_privileged(session)
            except roles.PrivilegedError as error:
                raise NotServingError(str(error)) from None


@asynccontextmanager
async def opened(
    addresses: Addresses,
    settings: Settings,
    *,
    entropy: Entropy = urandom,
    founded: bool = True,
    signer: Signer | None = None,
) -> AsyncGenerator[Accord]:
    """The application over a database, with all that runs beside it. Raises NotFoundedError where there is no forum.

    It has read the whole record when this begins. Without a signer the books are kept, and stay unsigned and unpromised.
    """
    signs = signer or Nobody()
    async with AsyncExitStack() as stack:
        replica = None
        if addresses.read is not None:
            replica = await stack.enter_async_context(Replica(addresses.read, addresses.app))
        event_log = await stack.enter_async_context(
            PostgresEventLog(addresses.app, entropy=entropy, room=settings.queue, replica=replica)
        )
        people = await stack.enter_async_context(PostgresPeople(addresses.app, entropy=entropy))
        views = await stack.enter_async_context(Views(addresses.app, replica=replica))
        projected = await stack.enter_async_context(Projected(addresses.app))
        slots = PostgresSlots(views)
        comparisons = stack.enter_context(closing(Comparisons(words)))
        memory = Memory(settings.memory)
        directory = Directory(memory)
        clock = RecordClock()
        horizon = await event_log.horizon()
        clock.heard(horizon.at)
        listeners = Listeners(event_log, people, lambda person: directory.person(person, clock.now())[1])
        follower = Follower(event_log, memory, listeners.hear)
        tracker = Tracker(event_log, memory, follower, directory, clock, Ids(entropy), ciphers.check)
        await stack.enter_async_context(_running(follower.run))
        await follower.caught_up(horizon.position)
        if founded and memory.forum_id is None:
            raise NotFoundedError
        await stack.enter_async_context(_running(Runner(addresses.projector, PROJECTIONS).run))
        books = PostgresBooks(views)
        await stack.enter_async_context(_running(Keeper(addresses.projector, signs, lambda: _host(directory)).run))
        await stack.enter_async_context(_running(lambda: keep(clock, event_log)))
        await stack.enter_async_context(_running(listeners.watch))
        yield Accord(
            log=event_log,
            memory=memory,
            directory=directory,
            clock=clock,
            tracker=tracker,
            follower=follower,
            listeners=listeners,
            people=people,
            signer=signs,
            promises=Promises(signs, PostgresCommitments(views)),
            waiting=projected,
            proposals=PostgresProposals(views),
            agreements=PostgresAgreements(views),
            drafts=PostgresDrafts(views),
            prepared=PostgresPrepared(views),
            comparisons=comparisons,
            progress=PostgresProgress(views),
            books=books,
            cosigning=Cosigning(directory, books, PostgresCosignatures(views), ciphers.HOLDS),
            keyring=Keyring(signs),
            slots=slots,
            checkpoints=slots,
            binder=Spool,
        )


def _host(directory: Directory) -> str | None:
    """The forum's, once it is founded."""
    return directory.forum().founded.host if directory.is_founded else None


@asynccontextmanager
async def reacting(house: Accord, *, epoch: timedelta | None = None) -> AsyncGenerator[None]:
    """What time does is written down, from now on. Not while a story is told, whose times lie in the past.

    ``epoch``: how long one is, where this process seals them.
    """
    sealing = None if epoch is None else Sealing(epoch, house.slots, house.checkpoints)
    async with _running(lambda: watch(house.tracker, house.memory, sealing)):
        yield


@asynccontextmanager
async def announcing(house: Accord) -> AsyncGenerator[None]:
    """The keys that sign the books are announced, from now on. Not while a story is told, either."""
    async with _running(lambda: watch_keys(house.tracker, house.signer)):
        yield


@asynccontextmanager
async def opened_people(addresses: Addresses, *, entropy: Entropy = urandom) -> AsyncGenerator[People]:
    """People and their tokens alone, for the operator."""
    async with PostgresPeople(addresses.app, entropy=entropy) as people:
        yield people


@asynccontextmanager
async def witnessing(
    home: Path, url: str, tokens: Mapping[DelegationCode, str], say: Callable[[str], None]
) -> AsyncGenerator[None]:
    """A witness for each of these delegations, as a process of its own beside a forum that is served here, for as long as this lasts."""
    async with process.witnesses(home, url, tokens, say):
        yield


async def make_witness(
    folder: Path, url: str, token: str, *, delegation: DelegationCode | None, ml_dsa: bool, register: bool
) -> WitnessMade:
    """Make a witness. Raises NotWitnessedError."""
    with _witnessing():
        made = await witnesses.make(folder, url, token, delegation=delegation, ml_dsa=ml_dsa, register=register)
        return WitnessMade(str(made.key), made.host, made.pinned)


async def register_witness(folder: Path, url: str, token: str) -> str:
    """Have the key of a witness registered; the key. Raises NotWitnessedError."""
    with _witnessing():
        return str(await witnesses.register(folder, url, token))


async def run_witness(
    folder: Path, url: str, token: str, say: Callable[[str], None], *, once: bool, silent_after: timedelta
) -> bool:
    """Run a witness, and say each alarm; whether there was one. Raises NotWitnessedError."""

    def hear(alarm: Alarm) -> None:
        of = f"book {alarm.book}" if alarm.book else "the forum"
        say(f"ALARM {alarm.kind}, {of}: {alarm.sentence} Kept in {alarm.file}")

    with _witnessing():
        watch = await witnesses.run(folder, url, token, hear=hear, once=once, silent_after=silent_after)
    if once and watch.away is not None:
        raise NotWitnessedError(watch.away, "away")
    return watch.alarmed


def has_witness(folder: Path) -> bool:
    """Whether there is one in the folder."""
    return is_made(folder)


def resume_witness(folder: Path, book: BookId) -> bool:
    """Let a witness cosign a book again; False where it was not kept from that. Raises NotWitnessedError."""
    with _witnessing():
        return thaw(folder, book)


def pin_key(folder: Path, key: str) -> str:
    """Have a witness believe a key; its fingerprint. Raises NotWitnessedError."""
    with _witnessing():
        return witnesses.trust(folder, key)


def watch_promise(folder: Path, file: Path) -> str:
    """Have a witness watch over a promise; what was promised, in words. Raises NotWitnessedError."""
    with _witnessing():
        return witnesses.watch_promise(folder, file.read_bytes())


@contextmanager
def _witnessing() -> Generator[None]:
    try:
        yield
    except WitnessError as error:
        raise NotWitnessedError(str(error)) from None
    except Away as error:
        raise NotWitnessedError(f"{error}; is `accord serve` running?", "away") from None
    except Unknown as error:
        raise NotWitnessedError(str(error), "unknown") from None
    except Refused as error:
        raise NotWitnessedError(str(error), "refused") from None
    except Malformed as error:
        raise NotWitnessedError(f"What answers there is no Accord of this version: {error}", "away") from None


async def views_progress(addresses: Addresses) -> list[Progress]:
    """How far each view has come."""
    async with await sessions.connect(addresses.projector) as session:
        return await progress(session)


async def parked_views(addresses: Addresses) -> list[Parked]:
    """Which views a bad fact holds up, and its error."""
    async with await sessions.connect(addresses.projector) as session:
        return await parked(session)


async def resume_view(addresses: Addresses, name: str) -> bool:
    """Have a parked view try again. False where there is none of that name."""
    async with await sessions.connect(addresses.projector) as session:
        return await resume(session, name)


def build_anew(addresses: Addresses, name: str, say: Callable[[str], None]) -> None:
    """Build a view anew beside the live one, which then gives its place up to it. Outside of any event loop.

    Raises NotRebuiltError, and has then left the live view as it was.
    """
    try:
        rebuild(addresses.projector, named(name), say)
    except UnknownProjectionError:
        raise NotRebuiltError(f"There is no view {name}.") from None
    except BeingRebuiltError:
        raise NotRebuiltError(f"Another process builds {name} anew.") from None
    except NoOpportunityError:
        raise NotRebuiltError(f"{name} is read without a pause; what was built is kept, and the next try goes on.") from None
    except (UnknownFactError, psycopg.Error) as error:
        raise NotRebuiltError(f"{name} is as it was: {sentence(error)}") from error


@asynccontextmanager
async def _running(part: Callable[[], Awaitable[None]]) -> AsyncGenerator[None]:
    """A part that runs beside the others; if it fails, it says so and is started again."""

    async def again_and_again() -> None:
        while True:
            try:
                await part()
            except Exception:
                log.exception("part.failed", part=getattr(part, "__qualname__", repr(part)))
            await asyncio.sleep(RESTART_SECONDS)

    task = asyncio.create_task(again_and_again())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def found(
    addresses: Addresses, house: Accord, command: FoundForum, secretary: PersonId, *, told: datetime | None = None
) -> ForumId:
    """Found the forum, once. Only a demonstration or an import may tell the record's time, from now on."""
    if house.memory.forum_id is not None:
        raise AlreadyFounded(house.directory.forum().founded.host)
    if command.kind != "regular":
        _let_times_be_told(addresses)
    forum, entries = founding.entries(command, secretary, house.tracker.ids)
    submission = Submission(
        command=CommandId(house.tracker.ids.new()),
        entries=entries,
        expected=tuple((stream, 0) for stream in dict.fromkeys(entry.stream for entry in entries)),
        since=told or ANY_TIME,
        actor=secretary,
        told=told,
        key=FOUNDING_KEY,
        request=house.tracker.ids.new().bytes * 2,
    )
    try:
        answer = await house.log.append(submission)
    except KeyReused:
        raise AlreadyFounded(command.host) from None
    assert isinstance(answer, Receipt), "a founding relies on nothing that could move on"
    await house.follower.caught_up(answer.position)
    return forum


def _let_times_be_told(addresses: Addresses) -> None:
    with psycopg.connect(addresses.owner, autocommit=True) as session:
        session.execute("UPDATE record.head SET told = true WHERE position = 0")


def make_key(file: Path) -> RegisterKey:
    """Make a key with which a delegation signs its acts, in a new file; what there is to register. Raises KeyUnusableError."""
    private = ciphers.Private.generate(Kind.ED25519)
    try:
        keyfiles.write(file, private)
    except (keyfiles.KeyFileError, OSError) as error:
        raise KeyUnusableError(str(error)) from None
    return RegisterKey(KeyPurpose.ACTS, KeyKind.ED25519, private.public)


def public_key(file: Path, purpose: KeyPurpose) -> RegisterKey:
    """What there is to register of a private key. Raises KeyUnusableError."""
    if purpose is KeyPurpose.ACTS:
        return RegisterKey(purpose, KeyKind.ED25519, _private(file, Kind.ED25519).public)
    try:
        return RegisterKey(purpose, KeyKind.ED25519, _private(file, Kind.COSIGNATURE).public)
    except KeyUnusableError:
        return RegisterKey(purpose, KeyKind.ML_DSA_44, _private(file, Kind.COSIGNATURE_ML_DSA_44).public)


def signed_by(file: Path, message: bytes) -> bytes:
    """Sign octets with the key of a file. Raises KeyUnusableError."""
    return _private(file, Kind.ED25519).bare(message)


def _private(file: Path, kind: Kind) -> ciphers.Private:
    try:
        return keyfiles.read(file, kind)
    except keyfiles.KeyFileError as error:
        raise KeyUnusableError(str(error)) from None
