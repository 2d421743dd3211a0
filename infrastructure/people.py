"""People and their tokens in PostgreSQL, as the app: it may ask whose a hash is, and can read none (0003_people.sql)."""

from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from os import urandom
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

import psycopg
from psycopg.errors import ForeignKeyViolation
from psycopg.rows import TupleRow, class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from application.ids import Entropy, Ids
from application.people import Issued, PersonShown, TokenId, TokenShown, UnknownPersonError, hashed
from application.ports import Busy
from application.views.pages import Bookmark, Page
from domain.identity import PersonId
from infrastructure.eventlog import sessions
from infrastructure.eventlog.arrays import byteas
from infrastructure.eventlog.reads import Reads
from infrastructure.eventlog.sessions import Session
from infrastructure.projections.readers import lists

TOKEN: Final = "acc_"  # noqa: S105  what every token begins with, so that a leaked one is known for what it is
INVITATION: Final = "inv_"
RANDOM_BYTES: Final = 32
LATELY: Final = 1.0
"""Seconds for which a read trusts an answer."""
REMEMBERED: Final = 10_000
PATIENCE: Final = 5.0
"""Seconds for which a call waits for the database."""

ADD: Final = "INSERT INTO people.person (id, name) VALUES (%s, %s)"
INTRODUCE: Final = ADD + " ON CONFLICT (id) DO NOTHING"
NAMES: Final = "SELECT id, name FROM people.person WHERE id = ANY(%s) AND name IS NOT NULL"
FIND: Final = "SELECT id, name FROM people.person WHERE id = %s"
PAGE: Final = """
    SELECT t.total, p.id, p.name, p.created
      FROM (SELECT count(*) AS total FROM people.person) AS t
      LEFT JOIN (SELECT id, name, created
                   FROM people.person
                  WHERE %(after_at)s::timestamptz IS NULL
                     OR created < %(after_at)s
                     OR (created = %(after_at)s AND id > %(after_id)s)
                  ORDER BY created DESC, id
                  LIMIT %(most)s) AS p ON true
     ORDER BY p.created DESC, p.id
"""
RENAME: Final = "SELECT people.rename(%s, %s)"
ERASE: Final = "SELECT people.erase(%s)"
ISSUE: Final = "INSERT INTO people.token (id, person, sha256, label, expires) VALUES (%s, %s, %s, %s, %s)"
HOLDER: Final = "SELECT people.holder(%b)"
HOLDING: Final = "SELECT t.sha256 FROM unnest(%b) AS t (sha256) WHERE people.holder(t.sha256) IS NOT NULL"
TOKENS: Final = """
    SELECT id, person, label, created, expires, revoked
      FROM people.token
     WHERE person = %s
     ORDER BY created DESC, id
"""
REVOKE: Final = "UPDATE people.token SET revoked = record.clock() WHERE id = %s AND person = %s AND revoked IS NULL"
INVITE: Final = "INSERT INTO people.invitation (sha256, person) VALUES (%s, %s)"
EXCHANGE: Final = "SELECT people.exchange(%s, %s, %s, %s, %s)"


class PostgresPeople:
    """Open between ``async with`` and its end."""

    def __init__(
        self,
        url: str,
        *,
        entropy: Entropy = urandom,
        elapsed: Callable[[], float] = monotonic,
        patience: float = PATIENCE,
    ) -> None:
        self._entropy = entropy
        self._ids = Ids(entropy)
        self._lately = _Lately(elapsed)
        self._questions = Reads(partial(sessions.connect, url), patience)
        self._pool = AsyncConnectionPool(
            url,
            kwargs=sessions.TRANSPORT,
            configure=sessions.prepare,
            min_size=1,
            max_size=4,
            timeout=patience,
            reconnect_timeout=sessions.RECONNECT,
            check=AsyncConnectionPool.check_connection,  # seldom used: a session may have been lost long ago
            open=False,
        )

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._questions.close()
        await self._pool.close()

    async def add(self, name: str) -> PersonId:
        """A new person."""
        person = PersonId(self._ids.new())
        async with self._session() as session:
            await session.execute(ADD, (person, name))
        return person

    async def introduce(self, person: PersonId, name: str) -> None:
        """A person whose id is known beforehand, as in a story; somebody who is there already stays as they are."""
        async with self._session() as session:
            await session.execute(INTRODUCE, (person, name))

    async def names(self, people: Iterable[PersonId]) -> Mapping[PersonId, str]:
        """The names of those who have one."""
        async with self._session() as session:
            cursor = await session.execute(NAMES, (list(people),))
            return {PersonId(person): str(name) for person, name in await cursor.fetchall()}

    async def find(self, person: PersonId) -> PersonShown | None:
        """Somebody."""
        async with self._session() as session, session.cursor(row_factory=class_row(PersonShown)) as cursor:
            await cursor.execute(FIND, (person,))
            return await cursor.fetchone()

    async def page(self, limit: int, after: str | None) -> Page[PersonShown]:
        """Everybody, the last added first. Raises MalformedCursorError."""
        asked = lists.parameters(limit, after)
        async with self._session() as session, session.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(PAGE, asked)
            rows = await cursor.fetchall()
        created = {row["id"]: row["created"] for row in rows}
        return lists.page(rows, limit, _person, lambda shown: Bookmark(created[shown.id], shown.id))

    async def rename(self, person: PersonId, name: str) -> bool:
        """Put another name in place of the one that the person has. False where it has none: it is erased for good."""
        async with self._session() as session:
            cursor = await session.execute(RENAME, (person, name))
            return (await cursor.fetchone()) == (True,)

    async def erase(self, person: PersonId) -> None:
        """Let the person have no name, from now on."""
        async with self._session() as session:
            await session.execute(ERASE, (person,))

    async def issue(self, person: PersonId, label: str, expires: datetime | None = None) -> Issued:
        """A new token of the person's. It holds before ``expires``. Raises UnknownPersonError."""
        token, identity = self._secret(TOKEN), TokenId(self._ids.new())
        async with self._session(person) as session:
            await session.execute(ISSUE, (identity, person, hashed(token), label, expires))
        return Issued(identity, person, token)

    async def person_of(self, token: str) -> PersonId | None:
        """Whose token it is, if it holds now: for commands."""
        return await self._holder(hashed(token))

    async def person_lately(self, token: str) -> PersonId | None:
        """Whose token it was within the last second: for reads, and for acts, of which the record asks again."""
        sha256 = hashed(token)
        asked = self._lately.now()
        if (person := self._lately.find(sha256)) is None and (person := await self._holder(sha256)) is not None:
            self._lately.keep(sha256, person, asked)
        return person

    async def _holder(self, sha256: bytes) -> PersonId | None:
        ((person,),) = await self._questions.rows(HOLDER, sha256)
        return person

    async def holding(self, tokens: Collection[bytes]) -> Set[bytes]:
        """Those of these tokens, each as its hash, that hold now."""
        return {sha256 for (sha256,) in await self._questions.rows(HOLDING, byteas(tokens))}

    async def tokens(self, person: PersonId) -> Sequence[TokenShown]:
        """All tokens that the person ever had, the newest first."""
        async with self._session() as session, session.cursor(row_factory=class_row(TokenShown)) as cursor:
            await cursor.execute(TOKENS, (person,))
            return await cursor.fetchall()

    async def revoke(self, person: PersonId, token: TokenId) -> bool:
        """Let the token hold no longer. False where the person has none of that id that holds."""
        async with self._session() as session:
            cursor = await session.execute(REVOKE, (token, person))
            return cursor.rowcount == 1

    async def invite(self, person: PersonId) -> str:
        """An invitation that the person exchanges for a token, once. Raises UnknownPersonError."""
        invitation = self._secret(INVITATION)
        async with self._session(person) as session:
            await session.execute(INVITE, (hashed(invitation), person))
        return invitation

    async def exchange(self, invitation: str, label: str, expires: datetime | None = None) -> Issued | None:
        """The token for an invitation; None where there is none, or it was used."""
        token, identity = self._secret(TOKEN), TokenId(self._ids.new())
        async with self._session() as session:
            cursor = await session.execute(EXCHANGE, (hashed(invitation), identity, hashed(token), label, expires))
            person = await _one(cursor)
        return None if person is None else Issued(identity, person, token)

    def _secret(self, prefix: str) -> str:
        return prefix + urlsafe_b64encode(self._entropy(RANDOM_BYTES)).rstrip(b"=").decode()

    @asynccontextmanager
    async def _session(self, person: PersonId | None = None) -> AsyncGenerator[Session]:
        """``person``: of whom a row speaks that is written."""
        try:
            async with self._pool.connection() as session:
                yield session
        except ForeignKeyViolation as error:
            raise UnknownPersonError(person) from error
        except psycopg.OperationalError as error:
            raise Busy(f"people cannot be looked up: {error}") from error


def _person(row: Mapping[str, Any]) -> PersonShown:
    return PersonShown(row["id"], row["name"])


async def _one(cursor: psycopg.AsyncCursor[TupleRow]) -> PersonId | None:
    row = await cursor.fetchone()
    assert row is not None, "a function answers with a row"
    return row[0]


class _Lately:
    """Whose tokens were looked up within the last second, by their hash."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self.now = elapsed
        self._known: OrderedDict[bytes, tuple[float, PersonId]] = OrderedDict()

    def find(self, hashed: bytes) -> PersonId | None:
        since, person = self._known.get(hashed, (float("-inf"), None))
        return person if self.now() - since < LATELY else None

    def keep(self, hashed: bytes, person: PersonId, since: float) -> None:
        """As asked at ``since``: from then on the answer ages, not from when it came."""
        self._known[hashed] = (since, person)
        self._known.move_to_end(hashed)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
