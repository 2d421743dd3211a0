"""Verbs that ask a running Accord: where it is, who asks, and what is said when the answer is no.

A verb takes `@asks`, and with it `--url`, `--token` and `--json`; it is handed the `Server` to ask. It ends with

    0  answered
    1  answered no: the sentence and its values are on standard error
    2  called wrongly
    3  nobody answers there, or not now: worth another try
    4  the token is missing or not valid

With `--json` standard output is what the server said, to the byte, a problem too.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, Final, NoReturn, TypeVar
from uuid import UUID

import click
import httpx
import msgspec
from msgspec import Struct

from api.cli.terminal import harmless
from api.settings import SettingsError, read_settings

HERE: Final = "http://127.0.0.1:8000"
"""Where `accord serve` listens if nothing else is said."""
TIMEOUT: Final = httpx.Timeout(60, connect=5)
DIRECT: Final[Mapping[str, None]] = {"all://127.0.0.1": None, "all://[::1]": None, "all://localhost": None}
"""This machine is never asked through a proxy, which would be handed the token."""

UNAUTHORIZED: Final = 401
FAILING: Final = 500
"""From here on the server is at fault."""

NAME_ONE: Final = "give --token or set ACCORD_TOKEN"

PROBLEM: Final = "application/problem+json"
KIND: Final = "Accord-Forum"

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

Said = str | int | UUID | None


class Answered(click.ClickException):
    """The answer was no."""

    exit_code = 1


class Away(click.ClickException):
    """Nobody answers there, or not now."""

    exit_code = 3


class Unknown(click.ClickException):
    """Nobody is known by this token."""

    exit_code = 4


class _Problem(Struct):
    """What is common to all problems (RFC 9457)."""

    detail: str
    errors: list[dict[str, str]] = []


class _Listed(Struct):
    id: UUID
    number: str


class _Page(Struct):
    items: list[_Listed]
    next: str | None = None


class Server:
    """A running Accord, asked with one token."""

    def __init__(self, url: str, token: str | None, *, as_json: bool) -> None:
        self.as_json = as_json
        self._url = url.rstrip("/")
        self._token = token
        self._noted = False

    def get(self, path: str, **query: Said) -> bytes:
        """The body of the answer; a parameter that is None is left out. Anything but an answer ends the verb."""
        answer = self._ask(path, {name.rstrip("_"): str(value) for name, value in query.items() if value is not None})
        self._note(answer.headers.get(KIND))
        if not answer.is_success:
            self._end(answer)
        return answer.content

    def read(self, kind: type[T], path: str, **query: Said) -> T:
        """The same, read as what it should be."""
        return self._read(kind, self.get(path, **query))

    def post(self, path: str, body: Struct | None = None, *, if_match: str | None = None) -> bytes:
        """Do something; the body of the answer. ``if_match``: of which state. Anything but an answer ends the verb."""
        content = b"{}" if body is None else msgspec.json.encode(body)
        state = {} if if_match is None else {"If-Match": if_match}
        answer = self._send("POST", path, {"Content-Type": "application/json", **state}, content=content)
        self._note(answer.headers.get(KIND))
        if not answer.is_success:
            self._end(answer)
        return answer.content

    def _read(self, kind: type[T], body: bytes) -> T:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.MsgspecError:
            self._is_strange()

    def show(self, body: bytes) -> None:
        """Print what the server said, as it said it."""
        click.echo(body)

    def proposal(self, given: str) -> UUID:
        """The id of a proposal that is named by its id or by its number, as P23-01."""
        try:
            return UUID(given)
        except ValueError:
            return self._numbered(given)

    def _numbered(self, number: str) -> UUID:
        for listed in self._found(number):
            if listed.number.casefold() == number.casefold():
                return listed.id
        raise Answered(f"You can read no proposal {number}.")

    def _found(self, words: str) -> Iterator[_Listed]:
        page = self.read(_Page, "/api/proposals", q=words, limit=200)
        yield from page.items
        while page.next is not None:
            page = self.read(_Page, "/api/proposals", q=words, limit=200, after=page.next)
            yield from page.items

    def _ask(self, path: str, query: Mapping[str, str]) -> httpx.Response:
        return self._send("GET", path, {}, params=query)

    def _send(self, method: str, path: str, more: Mapping[str, str], **said: Any) -> httpx.Response:  # noqa: ANN401  as httpx takes it
        headers = {"Accept-Language": "en", **more} | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
        try:
            with httpx.Client(timeout=TIMEOUT, mounts=DIRECT, headers=headers) as client:
                return client.request(method, self._url + path, **said)
        except httpx.TimeoutException:
            raise Away(f"{self._url} does not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Away(f"Nobody serves at {self._url} ({error}); is `accord serve` running?") from None

    def _note(self, kind: str | None) -> None:
        """A demonstration or an import says so, once a verb."""
        if kind is not None and not self._noted:
            click.echo(
                f"This forum is {'an import' if kind == 'import' else 'a demonstration'}: no statement of anybody.", err=True
            )
            self._noted = True

    def _end(self, answer: httpx.Response) -> NoReturn:
        if answer.headers.get("Content-Type", "").partition(";")[0] != PROBLEM:
            self._is_strange()
        if self.as_json:
            self.show(answer.content)
        raise self._meaning(answer)

    def _meaning(self, answer: httpx.Response) -> click.ClickException:
        if answer.status_code == UNAUTHORIZED:
            return Unknown("The token is unknown, revoked or expired." if self._token else f"There is no token; {NAME_ONE}.")
        sentence = self._sentence(answer)
        return Away(sentence) if answer.status_code >= FAILING else Answered(sentence)

    def _sentence(self, answer: httpx.Response) -> str:
        problem = msgspec.json.decode(answer.content, type=_Problem)
        values = _values(msgspec.json.decode(answer.content))
        hint = [f"  No token came with it, so the public asked; {NAME_ONE}."] if self._token is None else []
        return "\n".join(map(harmless, [problem.detail, *map(_mistake, problem.errors), *values, *hint]))

    def _is_strange(self) -> NoReturn:
        raise Away(f"What answers at {self._url} is no Accord of this version.")


_COMMON: Final = frozenset({"type", "title", "status", "detail", "errors"})


def _values(problem: Mapping[str, object]) -> Iterator[str]:
    """The values that explain a problem, a line each."""
    for name, value in problem.items():
        if name not in _COMMON:
            yield f"  {name}: {value if isinstance(value, str) else msgspec.json.encode(value).decode()}"


def _mistake(error: Mapping[str, str]) -> str:
    place = next((error[name] for name in ("parameter", "header", "pointer") if name in error), "")
    return f"  {place}: {error.get('detail', '')}"


def asks(function: F) -> F:
    """The options of a verb that asks a running Accord, which it is handed as ``server``."""

    @click.option("--url", help="Where Accord is served; else ACCORD_URL, else http://127.0.0.1:8000.")
    @click.option("--token", help="Who asks; else ACCORD_TOKEN, else the public. Others on the machine may see an option.")
    @click.option("--json", "as_json", is_flag=True, help="Print what the server said, as it said it.")
    @wraps(function)
    def asking(*, url: str | None, token: str | None, as_json: bool, **options: object) -> object:
        return function(server=_server(url, token, as_json=as_json), **options)

    return asking  # type: ignore[return-value]  # click reads the options that it bears


def _server(url: str | None, token: str | None, *, as_json: bool) -> Server:
    try:
        chosen = read_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    return Server(url or chosen.url or HERE, token or chosen.token, as_json=as_json)
