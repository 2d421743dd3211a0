"""Roles as on a server that is not ours: an owner that an administrator made, and nothing else."""

import shutil
import tempfile
from collections.abc import Generator
from itertools import count
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
import pytest
from msgspec import Struct
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from infrastructure.postgres.embedded import Database, Server
from infrastructure.postgres.migrate import migrate
from infrastructure.postgres.roles import AdministratorNeededError, PrivilegedError, passwords, prepare, refuse_privileged
from tests.databases import THROWAWAY, drop

PASSWORDS: Final = {"accord_app": "app's", "accord_projector": "projector's"}
numbers: Final = count(1)


class Outside(Struct, frozen=True):
    """A database on a server of somebody else's, with its owner, who has the password ``word``."""

    administrator: Connection[Any]
    name: str
    url: str

    def run(self, statement: LiteralString) -> None:
        self.administrator.execute(SQL(statement).format(owner=Identifier(self.name)))

    def prepare(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as session:
            prepare(session, PASSWORDS)

    def enter(self, role: str, password: str) -> Connection[Any]:
        return psycopg.connect(make_conninfo(self.url, user=role, password=password), autocommit=True)


@pytest.fixture(scope="module")
def elsewhere() -> Generator[Server]:
    """Roles belong to a whole server, so these tests have one of their own."""
    folder = Path(tempfile.mkdtemp(prefix="accord-"))
    folder.chmod(0o711)
    with Server(folder, THROWAWAY) as server:
        yield server
    shutil.rmtree(folder)


@pytest.fixture
def outside(elsewhere: Server) -> Generator[Outside]:
    name = f"owner_{next(numbers)}"
    with psycopg.connect(elsewhere.database("postgres").superuser_url, autocommit=True) as administrator:
        url = make_conninfo(elsewhere.database(name).superuser_url, user=name, password="word")
        itself = Outside(administrator, name, url)
        itself.run("DROP ROLE IF EXISTS accord_app, accord_projector")
        itself.run("CREATE ROLE {owner} LOGIN PASSWORD 'word'")
        itself.run("CREATE DATABASE {owner} OWNER {owner}")
        yield itself
        drop(administrator, name)
        itself.run("DROP ROLE IF EXISTS accord_app, accord_projector")
        itself.run("DROP ROLE {owner}")


def test_an_owner_that_may_makes_the_other_two_with_their_passwords(outside: Outside) -> None:
    outside.run("ALTER ROLE {owner} CREATEROLE")
    outside.prepare()
    for role, password in PASSWORDS.items():
        with outside.enter(role, password) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("CREATE TEMPORARY TABLE t ()")


def test_their_passwords_are_those_in_their_addresses(database: Database) -> None:
    words = passwords(database.app_url, database.projector_url, database.owner_url, "postgresql://accord_app@host/accord")
    assert words.keys() == {"accord_app", "accord_projector"}
    assert f":{words['accord_app']}@" in database.app_url


def test_what_is_there_already_is_left_as_it_is(outside: Outside) -> None:
    outside.run("CREATE ROLE accord_app LOGIN PASSWORD 'chosen'")
    outside.run("CREATE ROLE accord_projector LOGIN PASSWORD 'chosen'")
    outside.prepare()
    with outside.enter("accord_app", "chosen") as session:
        assert session.execute("SELECT current_user").fetchone() == ("accord_app",)


def test_an_owner_that_may_not_gets_the_statements_that_an_administrator_runs(outside: Outside) -> None:
    with pytest.raises(AdministratorNeededError) as refused:
        outside.prepare()
    assert refused.value.statements == [
        "CREATE ROLE \"accord_app\" LOGIN PASSWORD '<password>';",
        "CREATE ROLE \"accord_projector\" LOGIN PASSWORD '<password>';",
    ]
    for statement in refused.value.statements:
        outside.administrator.execute(statement.encode())
    outside.prepare()


def test_who_does_not_own_the_database_gets_all_of_them(outside: Outside) -> None:
    outside.run("ALTER DATABASE {owner} OWNER TO postgres")
    with pytest.raises(AdministratorNeededError) as refused:
        outside.prepare()
    assert refused.value.statements[2:] == [f'REVOKE CREATE, TEMPORARY ON DATABASE "{outside.name}" FROM PUBLIC;']


def test_a_public_schema_in_which_all_may_make_things_is_closed(outside: Outside) -> None:
    outside.run("ALTER ROLE {owner} CREATEROLE")
    with psycopg.connect(outside.url) as session:
        session.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    outside.prepare()
    with outside.enter("accord_app", "app's") as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("CREATE TABLE public.t ()")


def test_the_record_comes_to_stand_on_a_server_of_somebody_elses(outside: Outside) -> None:
    outside.run("ALTER ROLE {owner} CREATEROLE")
    assert migrate(outside.url, PASSWORDS)
    for role, password in PASSWORDS.items():
        with outside.enter(role, password) as session:
            refuse_privileged(session)


def test_who_serves_is_let_through(database: Database) -> None:
    for url in (database.app_url, database.projector_url):
        with psycopg.connect(url) as session:
            refuse_privileged(session)


@pytest.mark.parametrize(
    ("power", "said"),
    [
        ("ALTER ROLE accord_app SUPERUSER", "accord_app is a superuser and the owner"),
        ("ALTER ROLE accord_app BYPASSRLS", "accord_app is free of row-level security, and does not serve"),
        ("GRANT {owner} TO accord_app", "accord_app is the owner, and does not serve"),
        ("ALTER DATABASE {owner} OWNER TO accord_app", "accord_app is the owner, and does not serve"),
    ],
)
def test_who_could_get_around_the_walls_does_not_serve(outside: Outside, power: LiteralString, said: str) -> None:
    outside.run("CREATE ROLE accord_app LOGIN PASSWORD 'chosen'")
    outside.run("CREATE ROLE accord_projector LOGIN PASSWORD 'chosen'")
    migrate(outside.url)
    outside.run(power)
    with outside.enter("accord_app", "chosen") as session, pytest.raises(PrivilegedError, match=said):
        refuse_privileged(session)
    outside.run("ALTER DATABASE {owner} OWNER TO {owner}")


def test_the_owner_does_not_serve(database: Database) -> None:
    with psycopg.connect(database.owner_url) as session, pytest.raises(PrivilegedError, match="accord_owner is the owner"):
        refuse_privileged(session)
