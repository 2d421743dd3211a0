"""What each address answers by itself: HEAD as GET without the body, OPTIONS and 405 with all that it takes."""

from typing import Any

import pytest
from httpx import AsyncClient

from api.http.app import HANDLERS
from tests.api.scene import Room, served, tabled

pytestmark = pytest.mark.anyio


async def test_head_answers_as_get_does_without_the_body(at: Room) -> None:
    proposal = await tabled(at)
    async with served(at.house) as port, AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for path in (
            "/api",
            "/api/forum",
            "/api/me",
            f"/api/proposals/{proposal}",
            f"/api/proposals/{proposal}/none",
            "/health/live",
        ):
            whole = await client.get(path, headers=at.headers("head-KOR", {}))
            head = await client.head(path, headers=at.headers("head-KOR", {}))
            assert (head.status_code, head.content) == (whole.status_code, b""), path
            same = [name for name in whole.headers if name != "date"]
            assert {name: head.headers.get(name) for name in same} == {name: whole.headers[name] for name in same}


async def test_head_tells_as_little_of_what_is_hidden_as_get(at: Room) -> None:
    proposal = await tabled(at)
    hidden, unknown = [
        await at.client.head(f"/api/proposals/{thing}", headers=at.headers(None, {}))
        for thing in (proposal, "00000000-0000-4000-8000-000000000000")
    ]
    assert (hidden.status_code, hidden.headers) == (unknown.status_code, unknown.headers)
    assert hidden.status_code == 404


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/drafts", "GET, HEAD, OPTIONS, POST"),
        ("/api/drafts/00000000-0000-4000-8000-000000000000", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("/api/delegations", "OPTIONS, POST"),
        ("/api/stream", "GET, OPTIONS"),
    ],
)
async def test_an_address_says_all_that_it_takes(at: Room, path: str, methods: str) -> None:
    asked = await at.client.options(path)
    refused = await at.client.patch(path)
    assert (asked.status_code, asked.headers["Allow"]) == (204, methods)
    assert (refused.status_code, refused.headers["Allow"]) == (405, methods)


async def test_what_was_there_before_is_not_said_to_be_created(at: Room) -> None:
    draft: dict[str, Any] = {
        "kind": "crisis-management-mechanism",
        "format": "plenary",
        "edition": "2026",
        "master": "en",
        "provisions": [],
    }
    path = f"/api/drafts/{(await at.done('/api/drafts', 'head-KOR', draft))['id']}"
    headers = at.headers("head-KOR", {"If-Match": "*"})
    assert (await at.client.put(path, json={**draft, "master": "ja"}, headers=headers)).status_code == 200
    assert (await at.client.delete(path, headers=headers)).status_code == 200


def test_only_a_stream_has_no_end() -> None:
    assert [path for handler in HANDLERS if handler.opt.get("endless") for path in handler.paths] == ["/api/stream"]
