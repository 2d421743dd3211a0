import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream
from litestar.testing import TestClient

from api.logs import plugin
from api.problems import EXCEPTION_HANDLERS
from domain.proposals.refusals import NoSilenceRuns

SECRET = "hunter2-behind-the-wall"

log = structlog.get_logger()


@post("/things/{thing:str}")
async def change(request: Request[Any, Any, Any], thing: FromPath[str]) -> Response[bytes]:
    """Answers with all that it was told."""
    body = await request.body()
    return Response(body + thing.encode(), headers={"X-Told": SECRET}, media_type="text/plain")


@post("/broken")
async def broken(request: Request[Any, Any, Any]) -> None:
    try:
        await asyncio.wait_for(failing((await request.body()).decode()), 1)
    except ValueError as error:
        raise RuntimeError(SECRET) from error


async def failing(words: str) -> None:
    log.warning("about to fail")
    raise ValueError(words)


@post("/grouped")
async def grouped(request: Request[Any, Any, Any]) -> None:
    words = (await request.body()).decode()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(failing(words))


@post("/refused")
async def refused() -> None:
    raise NoSilenceRuns


@get("/streamed")
async def streamed() -> Stream:
    return Stream(iter([SECRET] * 5))


@pytest.fixture(autouse=True)
def fixture_own_logs() -> Iterator[None]:
    """Leave the process's logs as they were."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = before, level


def client(*, pretty: bool | None = False) -> TestClient[Litestar]:
    handlers = [change, broken, grouped, refused, streamed]
    app = Litestar(handlers, exception_handlers=EXCEPTION_HANDLERS, openapi_config=None, plugins=[plugin(pretty=pretty)])
    return TestClient(app)


def ask(path: str, *, pretty: bool | None = False, method: str = "POST") -> int:
    """Plant the secret wherever a request has room for one."""
    with client(pretty=pretty) as asked:
        asked.cookies.set("session", SECRET)
        headers = {"Authorization": f"Bearer {SECRET}", "X-Secret": SECRET, "Referer": f"https://x/?{SECRET}"}
        content = f"{SECRET}\n".encode()
        return asked.request(method, path, params={SECRET: SECRET}, headers=headers, content=content).status_code


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    assert SECRET not in captured.err
    return [json.loads(line) for line in captured.err.splitlines()]


def test_an_answer_is_logged_with_method_route_and_status_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(f"/things/{SECRET}") == 201
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "answered", "level": "info", "method": "POST", "route": "/things/{thing}", "status": 201}


@pytest.mark.parametrize(("path", "method", "status"), [(f"/{SECRET}", "GET", 404), (f"/things/{SECRET}", "PUT", 405)])
def test_an_answer_to_what_leads_nowhere_is_logged_without_its_address(
    capsys: pytest.CaptureFixture[str], path: str, method: str, status: int
) -> None:
    assert ask(path, method=method) == status
    (line,) = lines(capsys)
    assert (line["method"], line["route"], line["status"]) == (method, None, status)


def test_a_stream_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("/streamed", method="GET") == 200
    assert [line["event"] for line in lines(capsys)] == ["answered"]


def test_a_refusal_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("/refused") == 409
    assert [(line["event"], line["status"]) for line in lines(capsys)] == [("answered", 409)]


def test_a_mistake_is_logged_with_its_places_and_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("/broken") == 500
    told, mistake, answered = lines(capsys)
    assert (told["event"], told["level"]) == ("about to fail", "warning")
    assert (mistake["event"], mistake["level"], mistake["route"]) == ("mistake", "error", "/broken")
    assert (answered["event"], answered["status"]) == ("answered", 500)
    places = mistake["exception"].splitlines()
    assert places[0] == "builtins.RuntimeError"
    assert places[places.index("from") + 1] == "builtins.ValueError"
    assert places[-1].endswith(" failing")


def test_a_mistake_of_several_tasks_tells_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("/grouped") == 500
    (mistake,) = (line for line in lines(capsys) if line["event"] == "mistake")
    assert "ExceptionGroup" in mistake["exception"]
    assert "builtins.ValueError" in mistake["exception"].splitlines()


@pytest.mark.parametrize("path", [f"/things/{SECRET}", f"/{SECRET}", "/broken", "/grouped", "/refused"])
def test_what_is_logged_for_people_holds_no_more(capsys: pytest.CaptureFixture[str], path: str) -> None:
    ask(path, pretty=True)
    captured = capsys.readouterr()
    assert "answered" in captured.err
    assert SECRET not in captured.err + captured.out
    assert not captured.err.startswith("{")


def test_where_standard_error_is_no_terminal_a_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    ask("/refused", pretty=None)
    assert [line["event"] for line in lines(capsys)] == ["answered"]


def test_a_warning_of_a_library_has_the_same_shape_and_its_chatter_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    with client():
        library = logging.getLogger("uvicorn.error")
        library.info('127.0.0.1 - "GET /?%s"', SECRET)
        library.error("Task exception was never retrieved\nfuture: %s", SECRET, exc_info=ValueError(SECRET))
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("Task exception was never retrieved", "error", "uvicorn.error")
    assert line["exception"] == "builtins.ValueError"
