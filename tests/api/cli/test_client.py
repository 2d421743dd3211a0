"""A verb that asks a running Accord: what it is told, and how it ends."""

import json
import socket
import sys
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Final

import pytest

from api.cli.client import Answered, Away, Unknown
from tests.api.cli.calling import Ended, ended
from tests.api.scene import Room, served, tabled

pytestmark = pytest.mark.anyio

NUMBER: Final = "P26-01"
LOOK: Final = "tests.api.cli.look"


async def called(*words: str, url: str | None = None, token: str | None = None, **env: str) -> Ended:
    options = [*(["--url", url] if url else []), *(["--token", token] if token else [])]
    return await ended([sys.executable, "-m", LOOK, *words, *options], **env)


async def test_a_thing_is_shown_in_words_or_as_the_server_said_it(at: Room) -> None:
    proposal = await tabled(at)
    as_said = (await at.get(f"/api/proposals/{proposal}", "head-JPN")).text
    async with served(at.house) as port:
        asked = {"url": f"http://127.0.0.1:{port}/", "token": at.roles["head-JPN"]}
        shown = await called(proposal, **asked)
        assert (shown.exit_code, shown.stdout, shown.stderr) == (0, f"{NUMBER} open\n", "")
        said = await called(proposal, "--json", **asked)
        assert (said.exit_code, said.stdout) == (0, as_said + "\n")


async def test_the_environment_says_where_and_who(at: Room) -> None:
    proposal = await tabled(at)
    async with served(at.house) as port:
        shown = await called(proposal, ACCORD_URL=f"http://127.0.0.1:{port}", ACCORD_TOKEN=at.roles["head-JPN"])
    assert (shown.exit_code, shown.stdout) == (0, f"{NUMBER} open\n")


async def test_a_proposal_may_be_named_by_its_number(at: Room) -> None:
    await tabled(at)
    async with served(at.house) as port:
        asked = {"url": f"http://127.0.0.1:{port}", "token": at.roles["head-JPN"]}
        assert (await called(NUMBER.lower(), **asked)).stdout == f"{NUMBER} open\n"
        other = await called("P26-1", **asked)
    assert (other.exit_code, other.stderr) == (Answered.exit_code, "Error: You can read no proposal P26-1.\n")


async def test_a_number_that_is_not_for_the_reader_is_a_number_that_is_not_there(at: Room) -> None:
    await tabled(at, by="head-USA", format_code="japan-us")
    async with served(at.house) as port:
        asked = {"url": f"http://127.0.0.1:{port}", "token": at.roles["head-CHN"]}
        hidden, missing = await called("B26-01", **asked), await called("B26-02", **asked)
    assert hidden.exit_code == missing.exit_code == Answered.exit_code
    assert hidden.stderr == missing.stderr.replace("B26-02", "B26-01")


async def test_a_refusal_says_its_detail_and_its_values(at: Room) -> None:
    proposal = await tabled(at)
    async with served(at.house) as port:
        asked = {"url": f"http://127.0.0.1:{port}", "token": at.roles["head-JPN"]}
        malformed = await called(proposal, "--as-of", "yesterday", **asked)
        as_json = await called(proposal, "--as-of", "yesterday", "--json", **asked)
    assert (malformed.exit_code, malformed.stdout) == (Answered.exit_code, "")
    first, second = malformed.stderr.splitlines()
    assert first == "Error: The request cannot be read as what is expected here."
    assert second.startswith("  as_of: Expected a date, such as 2024-05-01,")
    assert (as_json.exit_code, json.loads(as_json.stdout)["type"]) == (Answered.exit_code, "/problems/malformed")


async def test_who_forgot_the_token_is_told_that_the_public_asked(at: Room) -> None:
    proposal = await tabled(at)
    async with served(at.house) as port:
        nobody = await called(proposal, url=f"http://127.0.0.1:{port}")
    assert nobody.exit_code == Answered.exit_code
    assert "the public asked; give --token or set ACCORD_TOKEN" in nobody.stderr


async def test_a_token_that_is_not_valid_has_a_code_of_its_own(at: Room) -> None:
    proposal = await tabled(at)
    async with served(at.house) as port:
        unknown = await called(proposal, url=f"http://127.0.0.1:{port}", token="acc_unknown")
    assert (unknown.exit_code, unknown.stderr) == (Unknown.exit_code, "Error: The token is unknown, revoked or expired.\n")


async def test_where_nobody_serves_it_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        nobody = await called(NUMBER, url=url)
    assert nobody.exit_code == Away.exit_code
    assert nobody.stderr.startswith(f"Error: Nobody serves at {url} (")
    assert nobody.stderr.count("\n") == 1


@pytest.fixture(params=[200, 404])
def stranger(request: pytest.FixtureRequest) -> Generator[str]:
    """The address of a program that is no Accord."""

    class Page(BaseHTTPRequestHandler):
        status = request.param

        def do_GET(self) -> None:
            self.send_response(self.status)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's word
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_a_stranger_at_the_address_is_said_to_be_none(stranger: str) -> None:
    other = await called("00000000-0000-4000-8000-000000000000", url=stranger, ACCORD_TOKEN="t")
    assert (other.exit_code, other.stderr) == (
        Away.exit_code,
        f"Error: What answers at {stranger} is no Accord of this version.\n",
    )


async def test_an_address_that_is_none_ends_with_a_sentence() -> None:
    nowhere = await called(NUMBER, url="http://")
    assert nowhere.exit_code == Away.exit_code
    assert "Nobody serves at http:" in nowhere.stderr
