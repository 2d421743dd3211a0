"""The OpenAPI document is what others build on: a change of it is a decision."""

from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from api.http.app import HANDLERS
from tests.api.scene import Room

pytestmark = pytest.mark.anyio

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "openapi.json"


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


async def test_every_reference_leads_somewhere(at: Room) -> None:
    document = await at.read("/api/openapi.json")
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_references(document)) <= known


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
