"""What the roles of the database may do with the record, and what nobody may."""

from collections.abc import Iterable, Iterator
from typing import LiteralString

import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from application.ports import Receipt
from infrastructure.postgres.embedded import Database
from tests.infrastructure.eventlog.scene import Session, append, audited, book, entry, stream, submission

OPEN = {
    "accord_app": {
        "append",
        "stream",
        "known",
        "feed",
        "following",
        "horizon",
        "clock",
        "reached",
        "beginnings",
        "ending",
    },
    "accord_projector": {"clock", "horizon"},
}

BY_ITSELF = {"erase"}
"""What runs with the fact that fires it, and is called by nobody."""

FORBIDDEN_TO_BOTH = (
    "SELECT FROM record.erasable",
    "INSERT INTO record.erasable VALUES ('proposal.tabled')",
    "UPDATE record.facts SET salt = NULL, erased = index + 1",
    "ALTER TABLE record.facts DISABLE TRIGGER facts_erase",
    "INSERT INTO record.head VALUES (2, 0, now())",
    "UPDATE record.head SET told = true",
    "UPDATE record.books SET size = 0",
    "DELETE FROM record.facts",
    "TRUNCATE record.facts",
    "DELETE FROM record.log",
    "LOCK TABLE record.head IN SHARE MODE",
    "CREATE TABLE record.mine ()",
    "CREATE TABLE public.mine ()",
    "CREATE TEMPORARY TABLE facts ()",
    "CREATE OR REPLACE FUNCTION record.clock() RETURNS timestamptz LANGUAGE sql RETURN now()",
    "ALTER FUNCTION record.clock() SECURITY INVOKER",
    "DROP SCHEMA record CASCADE",
    "SET ROLE accord_owner",
)
FORBIDDEN_TO_THE_APP = (
    "SELECT FROM record.head",
    "SELECT FROM record.books",
    "SELECT FROM record.facts",
    "SELECT FROM record.log",
)
FORBIDDEN_TO_THE_PROJECTOR = (
    "SELECT record.known(gen_random_uuid())",
    "SELECT record.feed(0, 1)",
    "SELECT record.stream(gen_random_uuid(), 0, '{}')",
    "SELECT record.following('{}', '{}', 1)",
)


def allowed(session: Session, statements: Iterable[LiteralString]) -> list[LiteralString]:
    """Those of the statements that the session may run."""
    return [statement for statement in statements if _may(session, statement)]


def _may(session: Session, statement: LiteralString) -> bool:
    try:
        with session.transaction(force_rollback=True):
            session.execute(statement)
    except InsufficientPrivilege:
        return False
    return True


def test_the_application_reads_and_writes_no_table(app: Session) -> None:
    assert allowed(app, FORBIDDEN_TO_BOTH + FORBIDDEN_TO_THE_APP) == []


def test_the_projector_writes_no_table(projector: Session) -> None:
    assert allowed(projector, FORBIDDEN_TO_BOTH + FORBIDDEN_TO_THE_PROJECTOR) == []


def test_the_projector_reads_all_and_appends_nothing(projector: Session, app: Session) -> None:
    append(app, submission(entry(stream(), book())))
    for table in ("head", "books", "facts", "log"):
        assert projector.execute(f"SELECT count(*) FROM record.{table}").fetchone() == (1,)
    with pytest.raises(InsufficientPrivilege):
        append(projector, submission(entry(stream(), book())))


def test_each_role_may_execute_its_functions_and_no_others(owner: Session) -> None:
    for role, names in OPEN.items():
        may = owner.execute(
            """
            SELECT p.proname
              FROM pg_proc AS p
             WHERE p.pronamespace = 'record'::regnamespace
               AND has_function_privilege(%s, p.oid, 'EXECUTE')
            """,
            [role],
        )
        assert {name for (name,) in may.fetchall()} == names


def test_every_function_runs_as_the_owner_on_a_path_that_nobody_else_can_lay(owner: Session) -> None:
    functions = owner.execute("""
        SELECT p.proname, p.prosecdef, 'search_path=pg_catalog, pg_temp' = ANY (p.proconfig), pg_get_userbyid(p.proowner)
          FROM pg_proc AS p
         WHERE p.pronamespace = 'record'::regnamespace
    """).fetchall()
    assert {function[0] for function in functions} == OPEN["accord_app"] | OPEN["accord_projector"] | BY_ITSELF
    assert {function[1:] for function in functions} == {(True, True, "accord_owner")}


@pytest.fixture
def temporary(database: Database, superuser: Session) -> Iterator[None]:
    """The first wall is down: the application may make temporary objects."""
    name = Identifier(database.name)
    superuser.execute(SQL("GRANT TEMPORARY ON DATABASE {} TO accord_app").format(name))
    yield
    superuser.execute(SQL("REVOKE TEMPORARY ON DATABASE {} FROM accord_app").format(name))


@pytest.mark.usefixtures("temporary")
def test_a_hostile_path_and_temporary_objects_mislead_no_function(owner: Session, app: Session) -> None:
    for name in ("head", "books", "facts", "log"):
        app.execute(f"CREATE TEMPORARY TABLE {name} (id int, position int, size int, version int, key uuid)")
    app.execute("""
        CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea
            LANGUAGE sql RETURN '\\x00'::bytea
    """)
    app.execute("""
        CREATE FUNCTION pg_temp.to_char(timestamp, text) RETURNS text
            LANGUAGE sql RETURN 'never'
    """)
    app.execute("SET search_path = pg_temp, pg_catalog, record")
    s, into = stream(), book()
    outcomes = append(app, submission(entry(s, into)), submission(entry(s, into), expected=((s, 1),)))
    assert [type(outcome) for outcome in outcomes] == [Receipt, Receipt]
    assert audited(owner) == 2
