"""Whoever is named in the record was added before."""

import pytest

from tests.api.scene import Room, book_of

pytestmark = pytest.mark.anyio

NOBODY = "0a000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("path", "role", "said"),
    [
        ("/api/delegations/JPN/credentials", "head-JPN", {"role": "delegate"}),
        ("/api/secretaries", "secretary", {}),
        ("/api/editions/2026/agendas/plenary/chair", "secretary", {}),
    ],
)
async def test_an_act_that_names_nobody_is_refused_and_recorded_nowhere(
    at: Room, path: str, role: str, said: dict[str, str]
) -> None:
    before = await at.house.log.horizon()
    answer = await at.post(path, role, {"person": NOBODY, **said}, If_Match="*")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/person-unknown")
    assert await at.house.log.horizon() == before


@pytest.mark.parametrize("door", ["readers", f"readers/{NOBODY}/consent"])
async def test_a_book_is_opened_to_nobody(at: Room, door: str) -> None:
    book = await book_of(at, "head-JPN", "format", "plenary")
    answer = await at.post(
        f"/api/books/{book}/{door}", "head-JPN", {"person": NOBODY} if door == "readers" else {}, If_Match="*"
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/person-unknown")


async def test_a_stranger_does_not_learn_who_is_known(at: Room) -> None:
    known, unknown = [
        await at.post("/api/secretaries", "head-JPN", {"person": person}, If_Match="*")
        for person in (at.people["chair"], NOBODY)
    ]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.json()["type"] == "/problems/may-not"
