"""The OpenAPI document is what others build on: a change of it is a decision."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from msgspec import Struct

from api.http.app import HANDLERS
from api.http.bodies import decode
from api.http.examples import EXAMPLES, example_of
from api.http.headers import whole
from api.http.who import EVERYONE, MYSELF
from application.access import Capacity
from tests.api.scene import Room

pytestmark = pytest.mark.anyio

PUBLIC: Final[Any] = [{"token": []}, {}]
TOKEN: Final[Any] = [{"token": []}]
GOLDEN: Final = Path(__file__).parents[1] / "golden" / "openapi.json"
WRONG: Final = {"as_of": "soon", "effective_at": "soon", "limit": "0", "day": "first", "from": "first"}
"""By parameter a value that cannot be read."""


async def test_the_document_is_the_golden_one(at: Room) -> None:
    document = await at.read("/api/openapi.json")
    written = msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1) + b"\n"
    if not GOLDEN.exists():
        GOLDEN.write_bytes(written)
    assert written == GOLDEN.read_bytes(), f"if it was meant, delete {GOLDEN.name} and run this again"


async def test_each_route_says_what_it_takes_and_answers(at: Room) -> None:
    document = await at.read("/api/openapi.json")
    operations = {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    expected = {(method, path) for handler in HANDLERS for path in _paths(handler) for method in handler.http_methods}
    assert operations.keys() == expected
    for (method, path), operation in operations.items():
        assert operation["responses"], path
        if method in {"POST", "PUT"}:
            assert "requestBody" in operation, path


async def test_each_route_says_in_a_sentence_what_it_does_and_who_may(at: Room) -> None:
    document = await at.read("/api/openapi.json")
    known = {*(capacity.value for capacity in Capacity), *EVERYONE, *MYSELF}
    for path, method, operation in _operations(document):
        assert operation["summary"].endswith((".", "?")), path
        assert set(operation["x-who-may"]) <= known, path
        assert operation["security"] == (PUBLIC if operation["x-who-may"] == list(EVERYONE) else TOKEN) or _stands_apart(
            path
        ), method


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_each_example_is_a_body_as_it_is_read(example: Struct) -> None:
    shown = msgspec.json.encode(example_of(type(example)))
    assert decode(shown, type(example)) == example


async def test_nothing_that_needs_a_token_is_done_or_shown_without_one(at: Room) -> None:
    document = await at.read("/api/openapi.json")
    before = await at.house.log.horizon()
    asked = 0
    for path, method, operation in _operations(document):
        if operation["security"] != TOKEN:
            continue
        said = operation["requestBody"]["content"]["application/json"]["example"] if "requestBody" in operation else None
        for thing in (at.people["chair"], str(at.house.directory.forum_book())):
            address = _filled(path, thing) + _query(operation)
            stranger = await at.client.request(method, address, json=said, headers={"If-Match": "*"})
            assert stranger.status_code in {401, 404}, (method, address)
            unknown = await at.client.request(
                method, address, json=said, headers={"If-Match": "*", "Authorization": "Bearer none"}
            )
            assert unknown.status_code == 401, (method, address)
            asked += 1
    assert asked > 100
    assert await at.house.log.horizon() == before


async def test_what_cannot_be_read_is_answered_before_anybody_asks_who_speaks(at: Room) -> None:
    document = await at.read("/api/openapi.json")
    asked = 0
    for path, method, operation in _operations(document):
        if method != "get" or path == "/api/stream":
            continue
        taken = [given["name"] for given in operation["parameters"] if given["in"] == "query" and given["name"] in WRONG]
        for name in taken:
            address = f"{_filled(path, at.people['chair'])}?{name}={WRONG[name]}"
            answer = await at.client.request(method, address, headers={"Authorization": "Bearer none"})
            assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed"), address
            asked += 1
    assert asked > 30


async def test_the_greatest_number_of_a_parameter_that_is_documented_is_read(at: Room) -> None:
    document = await at.read("/api/openapi.json")
    greatest = {
        given["schema"]["maximum"]
        for _, _, operation in _operations(document)
        for given in operation["parameters"]
        if given["in"] == "query" and "maximum" in given["schema"]
    }
    assert whole("index", str(max(greatest))) == max(greatest)


async def test_every_reference_leads_somewhere(at: Room) -> None:
    document = await at.read("/api/openapi.json")
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_references(document)) <= known


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _stands_apart(path: str) -> bool:
    return not path.startswith("/api/") or path == "/api/openapi.json"


def _filled(path: str, thing: str) -> str:
    """The address of things some of which are there."""
    named = {"code": "JPN" if "delegations" in path or "positions" in path else "2026", "format_code": "plenary"}
    numbers = {"sitting": "1", "statement": "1", "number": "0", "erasure": "1"}
    return re.sub(r"\{(\w+)\}", lambda found: {**named, **numbers}.get(found[1], thing), path)


def _query(operation: Any) -> str:
    """The parameters that must be there."""
    named = [
        f"{given['name']}={given['schema']['enum'][0]}"
        for given in operation["parameters"]
        if given["in"] == "query" and given["required"]
    ]
    return f"?{'&'.join(named)}" if named else ""


def _paths(handler: Any) -> list[str]:
    """Without the kinds of their parameters."""
    return [
        "/".join(part.partition(":")[0] + "}" if ":" in part else part for part in path.split("/")) for path in handler.paths
    ]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        found = [node["$ref"]] if "$ref" in node else []  # pyright: ignore[reportUnknownVariableType]
        return found + [ref for value in node.values() for ref in _references(value)]  # pyright: ignore[reportUnknownVariableType]
    return [ref for value in node for ref in _references(value)] if isinstance(node, list) else []  # pyright: ignore[reportUnknownVariableType]
