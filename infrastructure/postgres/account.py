"""As which user of the operating system the embedded server runs. Never as root."""

import os
import pwd
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from msgspec import Struct

from infrastructure.postgres.errors import EmbeddedPostgresError


class Credentials(TypedDict, total=False):
    """The arguments by which subprocess drops rights."""

    user: int
    group: int
    extra_groups: list[int]


class Account(Struct, frozen=True):
    """A user of the operating system, with a name: a bare number does not do for initdb."""

    name: str
    uid: int
    gid: int

    @property
    def credentials(self) -> Credentials:
        """User, group and no further groups: with the user alone, root's group would stay."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give the file or folder to the account."""
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)

    def may(self, test: str, path: Path) -> bool:
        """Whether the account gets there and ``test`` (of test(1), as ``-w``) holds."""
        command = ["/bin/sh", "-c", f'test {test} "$1"', "sh", path]
        return subprocess.run(command, cwd="/", check=False, **self.credentials).returncode == 0


def account(cluster: Path) -> Account:
    """Ourselves; in place of root the user named in ACCORD_PG_OSUSER, else the owner of the data, else postgres or nobody.

    Raises EmbeddedPostgresError.
    """
    if os.geteuid() != 0:
        return _ordinary(_numbered(os.geteuid()), f"the user {os.geteuid()}")
    if named := os.environ.get("ACCORD_PG_OSUSER"):
        return _ordinary(_named(named), f"ACCORD_PG_OSUSER={named}")
    if cluster.exists():
        return _ordinary(_numbered(cluster.stat().st_uid), f"the owner of {cluster}")
    return _ordinary(_named("postgres") or _named("nobody"), "postgres or nobody (name one in ACCORD_PG_OSUSER)")


def _named(name: str) -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwnam(name)
    return None


def _numbered(uid: int) -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwuid(uid)
    return None


def _ordinary(entry: pwd.struct_passwd | None, what: str) -> Account:
    if entry is None or entry.pw_uid == 0:
        raise EmbeddedPostgresError(f"PostgreSQL runs as an ordinary user of this system, and {what} is none.")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
