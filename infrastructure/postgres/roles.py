"""The three roles of a database: the owner migrates and owns, the app serves, the projector writes the views.

None is a superuser and none bypasses row-level security. The owner alone may make objects; what the other two may do is said
where an object is made, in the migrations.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, LiteralString

from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Composable, Identifier, Literal

OWNER: Final = "accord_owner"
APP: Final = "accord_app"
PROJECTOR: Final = "accord_projector"
SERVING: Final = (APP, PROJECTOR)
ALL: Final = (OWNER, *SERVING)

Session = Connection[Any]


class AdministratorNeededError(Exception):
    """The owner may not do it. ``statements`` are what an administrator runs in the database, once."""

    def __init__(self, statements: list[str]) -> None:
        self.statements = statements
        super().__init__("\n".join(("The owner lacks rights. An administrator runs once, in this database:", *statements)))


class PrivilegedError(Exception):
    """A role that could get around the walls is about to serve."""


def passwords(*urls: str) -> dict[str, str]:
    """The passwords of the app and the projector, as far as these addresses give them."""
    given = ((word.get("user"), word.get("password")) for word in map(conninfo_to_dict, urls))
    return {str(role): str(password) for role, password in given if role in SERVING and password}


def name(url: str) -> str:
    """The role that an address names; nothing where it names none."""
    return str(conninfo_to_dict(url).get("user", ""))


def install(session: Session, passwords: Mapping[str, str]) -> None:
    """As superuser: make the three roles, or give them these passwords again."""
    for role, password in passwords.items():
        verb = SQL("ALTER" if _exists(session, role) else "CREATE")
        session.execute(verb + _login(session, role, password))


def _exists(session: Session, role: str) -> bool:
    return session.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _login(session: Session, role: str, password: str | None) -> Composable:
    return SQL(" ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION PASSWORD {}").format(
        Identifier(role), Literal(password and _verifier(session, role, password))
    )


def _verifier(session: Session, role: str, password: str) -> str:
    """What the server keeps of a password. The word itself never goes over, and so into no log."""
    return session.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()


def create_database(session: Session, name: str, *, template: str = "template1") -> None:
    """As superuser, outside a transaction: make a database of the owner's, if it is not there."""
    if not session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        words = map(Identifier, (name, OWNER, template))
        session.execute(SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*words))
    session.execute(_seal(name))  # a template's rights are not copied with it


def _seal(database: str) -> sql.Composed:
    return SQL("REVOKE CREATE, TEMPORARY ON DATABASE {} FROM PUBLIC").format(Identifier(database))


def prepare(session: Session, passwords: Mapping[str, str]) -> None:
    """As the owner, in the database: make the app's and the projector's role where they lack, and close it to the public.

    A role for which no password is given gets in as the server's pg_hba.conf says. Raises AdministratorNeededError.
    """
    made = (SQL("CREATE") + _login(session, role, passwords.get(role)) for role in _absent(session))
    for statement in (*made, *_open(session)):
        with suppress(InsufficientPrivilege), session.transaction():
            session.execute(statement)
    # Looked at anew, since a REVOKE without the right to it may only warn.
    if left := [*map(_named, _absent(session)), *_open(session)]:
        raise AdministratorNeededError([f"{statement.as_string(session)};" for statement in left])


def _absent(session: Session) -> list[str]:
    return [role for role in SERVING if not _exists(session, role)]


def _named(role: str) -> sql.Composed:
    return SQL("CREATE ROLE {} LOGIN PASSWORD '<password>'").format(Identifier(role))


def _open(session: Session) -> Iterator[sql.Composed]:
    """What everybody may do, and is to be taken from them."""
    if _holds(session, "has_database_privilege('public', current_database(), 'CREATE, TEMPORARY')"):
        yield _seal(session.info.dbname)
    if _holds(session, "has_schema_privilege('public', n.oid, 'CREATE') FROM pg_namespace n WHERE nspname = 'public'"):
        yield SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format()


def _holds(session: Session, condition: LiteralString) -> bool:
    row = session.execute(SQL("SELECT ") + SQL(condition)).fetchone()
    return bool(row and row[0])


def refuse_privileged(session: Session) -> None:
    """Raise PrivilegedError where this role is a superuser, bypasses row-level security, or is or may become the owner.

    Who owns the migrations' table or the database is the owner, whatever the role is called.
    """
    row = session.execute("""
        SELECT current_user,
               r.rolsuper,
               r.rolbypassrls,
               pg_has_role(d.datdba, 'MEMBER') OR coalesce(bool_or(pg_has_role(n.nspowner, 'MEMBER')), false)
          FROM pg_roles r
          JOIN pg_database d ON d.datname = current_database()
          LEFT JOIN pg_namespace n ON n.nspname = 'migrations'
         WHERE r.rolname = current_user
         GROUP BY r.rolsuper, r.rolbypassrls, d.datdba
    """).fetchone()
    assert row is not None, "whoever is connected is a role, in a database"
    role, *powers = row
    names = ("a superuser", "free of row-level security", "the owner")
    if held := [name for name, power in zip(names, powers, strict=True) if power]:
        raise PrivilegedError(f"{role} is {' and '.join(held)}, and does not serve. Serve as {APP} and {PROJECTOR}.")
