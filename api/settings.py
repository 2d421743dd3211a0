"""What the environment says of a deployment. Read once, at the start; whatever is wrong with it is said with its name."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct, structs

SECRETS: Final = frozenset({"DATABASE_URL", "DATABASE_APP_URL", "DATABASE_PROJECTOR_URL", "DATABASE_READ_URL", "ACCORD_TOKEN"})
"""What may stand in a file instead, which the variable with ``_FILE`` after its name names; and what is never printed."""

OURS: Final = "ACCORD_"
OF_THE_TESTS: Final = "ACCORD_TEST_"


class SettingsError(Exception):
    """A variable of the environment cannot be used. The sentence names it, and never holds its value."""


def _variable(field: str) -> str:
    return field.upper() if field.startswith("database") else OURS + field.upper()


class Settings(Struct, frozen=True, forbid_unknown_fields=True, rename=_variable):
    """How a deployment is set up: each field is an environment variable, and one that is empty is not set."""

    database_url: str | None = None
    """``DATABASE_URL``: the database, as its owner. Without it an embedded PostgreSQL is started."""
    database_app_url: str | None = None
    """``DATABASE_APP_URL``: the database, as ``accord_app``, with which ``serve`` records and reads."""
    database_projector_url: str | None = None
    """``DATABASE_PROJECTOR_URL``: the database, as ``accord_projector``, with which ``serve`` keeps the views."""
    database_read_url: str | None = None
    """``DATABASE_READ_URL``: a streaming replica of the database, as ``accord_app``, for lists, figures and histories."""
    data: Path | None = None
    """``ACCORD_DATA``: the data folder, with the embedded database. Without it, the user's own data folder."""
    pg_bindir: Path | None = None
    """``ACCORD_PG_BINDIR``: the folder of PostgreSQL's programs. Without it, those of the wheel, then the system's."""
    pg_osuser: str | None = None
    """``ACCORD_PG_OSUSER``: the system's user that the embedded database runs as where Accord is started as root."""
    host: str = "127.0.0.1"
    """``ACCORD_HOST``: the address that ``serve`` listens on."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    """``ACCORD_PORT``: the port that ``serve`` listens on; 0 takes a free one."""
    epoch: Annotated[int, Meta(ge=1, le=86_400)] = 3600
    """``ACCORD_EPOCH``: how many seconds an epoch is, at whose beginning the forum's book commits to all formats' books."""
    queue: Annotated[int, Meta(ge=1, le=1_000_000)] = 1024
    """``ACCORD_QUEUE``: how many commands may wait to be recorded; one more is answered with 503."""
    memory: Annotated[int, Meta(ge=0, le=10_000_000)] = 10_000
    """``ACCORD_MEMORY``: how many folded proposals a process keeps at hand."""
    signer: Path | None = None
    """``ACCORD_SIGNER``: the socket of a signer that runs by itself. Without it, ``serve`` runs one in the data folder."""
    url: Annotated[str, Meta(pattern=r"^https?://")] | None = None
    """``ACCORD_URL``: the running Accord that those commands ask which show or change a book."""
    token: str | None = None
    """``ACCORD_TOKEN``: the token that they ask with."""

    def __repr__(self) -> str:
        """Without the secrets: a log or a traceback may show it."""
        shown = {
            field.encode_name: getattr(self, field.name) for field in structs.fields(self) if field.encode_name not in SECRETS
        }
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


KNOWN: Final[tuple[str, ...]] = tuple(field.encode_name for field in structs.fields(Settings))


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in an environment: the process's own, if no other is given. Raises SettingsError."""
    _check_names(environment)
    given = {name: value for name in KNOWN if (value := _given(name, environment))}
    try:
        return msgspec.convert(given, Settings, strict=False, dec_hook=_folder)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise SettingsError(f"{path.rstrip('`')}: {message}.") from error


def _folder(kind: type[Path], value: str) -> Path:
    return kind(value)


def _check_names(environment: Mapping[str, str]) -> None:
    known = {*KNOWN, *(f"{name}_FILE" for name in SECRETS)}
    for name in sorted(environment):
        if name.startswith(OURS) and not name.startswith(OF_THE_TESTS) and name not in known:
            raise SettingsError(f"{name} is not known; known are {', '.join(sorted(known))}.")


def _given(name: str, environment: Mapping[str, str]) -> str | None:
    value = environment.get(name)
    file = environment.get(f"{name}_FILE") if name in SECRETS else None
    if value and file:
        raise SettingsError(f"{name} and {name}_FILE are both set; set one of them.")
    return _secret(f"{name}_FILE", file) if file else value


def _secret(name: str, file: str) -> str:
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name} names a file that cannot be read: {file}.") from error
    if not secret:
        raise SettingsError(f"{name} names an empty file: {file}.")
    return secret
