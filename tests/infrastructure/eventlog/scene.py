"""What the tests of the event log share: facts of their own, submissions, the hands of the record's clock, and an audit."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from random import Random
from typing import Any, ClassVar, Final, TypedDict, TypeVar, Unpack
from uuid import UUID

import msgspec
import psycopg
import rfc8785
from msgspec import Struct
from psycopg.rows import class_row

from application.ports import Entry, Submission
from domain.identity import BookId, CommandId, CredentialId, DelegationCode, PersonId, StreamId
from domain.kernel import Fact
from domain.record.envelope import REMAINS, commitment, instant, opened, remaining
from infrastructure.eventlog.batch import APPEND, Answer, Encoded, Entropy, Outcome, encoded, outcomes, parameters
from infrastructure.eventlog.mapper import Reader


class Spoken(Fact, frozen=True):
    tag: ClassVar[str] = "test.spoken"

    words: str
    number: int = 0


class Answered(Fact, frozen=True):
    tag: ClassVar[str] = "test.answered"

    by: datetime | None = None


T = TypeVar("T")
Session = psycopg.Connection[Any]

READER: Final = Reader({fact.tag: fact for fact in (Spoken, Answered)}, {})
LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)
NOON: Final = datetime(2024, 11, 24, 12, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)


def seeded(seed: int) -> Entropy:
    """The same bytes in each run. Two that make up keys for one record have different seeds."""
    return Random(seed).randbytes


_ids: Final = seeded(7)
_entropy: Final = seeded(1)


def fresh() -> UUID:
    return UUID(bytes=_ids(16), version=4)


def stream() -> StreamId:
    return StreamId(fresh())


def book() -> BookId:
    return BookId(fresh())


def entry(of: StreamId, into: BookId, fact: Fact | None = None) -> Entry:
    return Entry(of, into, fact or Spoken("We maintain our position: 立場を維持します", 3))


class Said(TypedDict, total=False):
    """What may be said of a submission beside its entries."""

    expected: tuple[tuple[StreamId, int], ...]
    since: datetime
    until: datetime | None
    actor: PersonId
    delegation: DelegationCode
    credential: CredentialId
    effective: datetime
    told: datetime | None
    key: bytes | None
    request: bytes | None
    token: bytes | None


class Someone(Struct, frozen=True):
    """Who acts, for whom, under which credential, and when it is said to have happened."""

    actor: PersonId
    delegation: DelegationCode
    credential: CredentialId
    effective: datetime

    def said(self) -> Said:
        return {
            "actor": self.actor,
            "delegation": self.delegation,
            "credential": self.credential,
            "effective": self.effective,
        }

    def names(self) -> tuple[PersonId, DelegationCode, CredentialId, datetime]:
        """In the order of a recorded fact."""
        return self.actor, self.delegation, self.credential, self.effective


def someone() -> Someone:
    return Someone(PersonId(fresh()), DelegationCode("JPN"), CredentialId(fresh()), datetime(1648, 10, 24, tzinfo=UTC))


def submission(*entries: Entry, **said: Unpack[Said]) -> Submission:
    """One that expects each of its streams to be new, if nothing else is said."""
    expected = tuple((of, 0) for of in dict.fromkeys(entry.stream for entry in entries))
    usual: Said = {"expected": expected, "since": LONG_AGO}
    return Submission(CommandId(fresh()), entries, **(usual | said))


def append(session: Session, *submissions: Submission) -> list[Outcome]:
    """One batch, without a writer."""
    return append_encoded(session, [encoded(one, _entropy) for one in submissions])


def append_encoded(session: Session, batch: Sequence[Encoded]) -> list[Outcome]:
    row = session.execute(APPEND, parameters(batch), binary=True).fetchone()
    assert row is not None
    return list(outcomes(batch, Answer._make(row)))


def login(url: str) -> Session:
    session = psycopg.connect(url, autocommit=True)
    session.execute("SET timezone = 'UTC'")
    return session


def end_sessions(superuser: Session, last: str = "%") -> None:
    """End the application's sessions with this database whose last statement is like that."""
    superuser.execute(
        """
        SELECT pg_terminate_backend(pid)
          FROM pg_stat_activity
         WHERE datname = current_database()
           AND usename = 'accord_app'
           AND query LIKE %s
        """,
        [last],
    )


class Hands:
    """The record's clock, moved by hand. The owner alone may put them there."""

    def __init__(self, owner: Session, at: datetime = NOON) -> None:
        self._owner = owner
        owner.execute("CREATE TABLE IF NOT EXISTS public.hands (at timestamptz NOT NULL)")
        owner.execute("DELETE FROM public.hands")  # a copy of another database has its hands
        owner.execute("INSERT INTO public.hands VALUES (%s)", [at])
        owner.execute("""
            CREATE OR REPLACE FUNCTION record.clock() RETURNS timestamptz
                LANGUAGE sql VOLATILE SECURITY DEFINER
                SET search_path = pg_catalog, pg_temp
                RETURN (SELECT at FROM public.hands)
        """)

    def move(self, at: datetime) -> None:
        self._owner.execute("UPDATE public.hands SET at = %s", [at])


def tell(owner: Session, *, told: bool = True) -> None:
    """Make it the record of a demonstration."""
    owner.execute("UPDATE record.head SET told = %s", [told])


class Kept(Struct, frozen=True):
    """A row of the facts."""

    position: int
    at: datetime
    index: int
    version: int
    stream: StreamId
    book: BookId
    command: CommandId
    type: str
    salt: bytes | None
    commit: bytes
    envelope: bytes
    key: UUID | None
    erased: int | None


def audited(owner: Session) -> int:
    """Check all that the record promises of itself, and answer with the number of its facts."""
    facts = (
        owner.cursor(row_factory=class_row(Kept), binary=True)
        .execute("""
            SELECT position, at, index, version, stream, book, command, type, salt, commit, envelope, key, erased
              FROM record.facts
             ORDER BY position
        """)
        .fetchall()
    )
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
    for rows in _grouped(facts, lambda fact: fact.stream):
        assert [fact.version for fact in rows] == list(range(1, len(rows) + 1))
    for rows in _grouped(facts, lambda fact: fact.book):
        assert [fact.index for fact in rows] == list(range(len(rows)))
        _assert_times_grow(rows)
    for fact in facts:
        if fact.erased is None:
            _assert_committed(fact)
        else:
            _assert_erased(fact, fact.erased)
    assert [fact for fact in facts if fact.key] == [next(of) for _, of in groupby(facts, attrgetter("command"))]
    _assert_ends(owner, facts)
    return len(facts)


def _grouped(facts: Iterable[Kept], by: Callable[[Kept], T]) -> Iterable[list[Kept]]:
    groups: dict[T, list[Kept]] = {}
    for fact in facts:
        groups.setdefault(by(fact), []).append(fact)
    return groups.values()


def _assert_times_grow(rows: Sequence[Kept]) -> None:
    """From command to command within a book, all facts of one sharing theirs."""
    times = [{fact.at for fact in of} for _, of in groupby(rows, attrgetter("command"))]
    assert [len(of) for of in times] == [1] * len({fact.command for fact in rows})
    assert [at for of in times for at in of] == sorted({fact.at for fact in rows})


def _assert_committed(fact: Kept) -> None:
    """The envelope says what the columns say, is canonical, and is what was hashed."""
    said = opened(fact.envelope)
    assert (said.at, said.index, said.stream) == (fact.at, fact.index, fact.stream)
    assert (said.book, said.command, said.type) == (fact.book, fact.command, fact.type)
    assert f'"at":"{instant(fact.at)}"'.encode() in fact.envelope
    assert rfc8785.dumps(msgspec.json.decode(fact.envelope)) == fact.envelope
    assert fact.salt is not None
    assert commitment(fact.salt, fact.envelope) == fact.commit


def _assert_erased(fact: Kept, by: int) -> None:
    """Of the envelope stands what the columns say, and what nobody can prove any more; the commitment is still there."""
    left = remaining(fact.envelope)
    assert fact.salt is None
    assert fact.envelope.endswith(REMAINS)
    assert (left.at, left.index, left.stream) == (fact.at, fact.index, fact.stream)
    assert (left.book, left.command, left.type, left.erasure) == (fact.book, fact.command, fact.type, by)
    assert rfc8785.dumps(msgspec.json.decode(fact.envelope)) == fact.envelope
    assert by > fact.index


def _assert_ends(owner: Session, facts: Sequence[Kept]) -> None:
    """The head and the books end where their facts do."""
    head = owner.execute("SELECT position, last_at FROM record.head WHERE isfinite(last_at)").fetchall()
    books = owner.execute("SELECT book, size, last_at FROM record.books").fetchall()
    assert head == ([(len(facts), max(fact.at for fact in facts))] if facts else [])
    assert set(books) == {(rows[0].book, len(rows), rows[-1].at) for rows in _grouped(facts, lambda fact: fact.book)}
