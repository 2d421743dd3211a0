"""Building a view anew comes to the same as following, at every prefix and in pages of any size."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.drafts.events import DraftBegun, DraftClosed, DraftEnd, DraftRewritten
from domain.prepared.events import ActPrepared, ActSent
from infrastructure.eventlog import sessions
from infrastructure.postgres.embedded import Database
from infrastructure.projections.rebuild import PROJECTIONS, UnknownProjectionError, named, rebuild
from tests.domain.cast import EDITION, EN, JPN, KINDS, PLENARY, TEXT, an_id
from tests.infrastructure.eventlog.scene import NOON
from tests.infrastructure.projections.courses import Move, moves
from tests.infrastructure.projections.scene import FOUNDING, JPN_BOOK, PLENARY_BOOK, Record, follow, leader

View = list[list[tuple[Any, ...]]]


def commands(told: Sequence[Move]) -> Iterator[list[Move]]:
    """What happens to a proposal at once, together."""
    together: list[Move] = []
    for move in told:
        if together and (move.after or move.proposal != together[-1].proposal):
            yield together
            together = []
        together.append(move)
    if together:
        yield together


async def rebuilt(database: Database, record: Record, sizes: Sequence[int]) -> list[View]:
    """What the views show after each of so many facts, when they are built anew."""
    async with await sessions.connect(database.projector_url) as session:
        for projection in PROJECTIONS:
            await rebuild(session, projection)
    found: list[View] = []
    async with leader(database) as leading:
        for size in sizes:
            leading._page = size
            assert await leading.step()
            found.append(record.shown())
        assert not await leading.step()
    return found


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=moves(NOON, proposals=3),
    cut=st.floats(0, 1),
    page=st.integers(2, 9),
    capacity=st.integers(0, 2),
)
async def test_building_anew_comes_to_the_same_as_following(
    *,
    database: Database,
    record: Record,
    told: Sequence[Move],
    cut: float,
    page: int,
    capacity: int,
) -> None:
    record.begin()
    half = int(cut * len(told))

    followed: list[View] = []
    for part in (told[:half], told[half:]):
        for together in commands(part):
            first, facts = together[0], [move.fact for move in together]
            at = record.now + first.after
            record.say(an_id(f"proposal {first.proposal}"), PLENARY_BOOK, *facts, at=at, effective=at - first.ago)
        await follow(database, page=page, capacity=capacity)
        followed.append(record.shown())

    sizes = [size for size in (FOUNDING + half, len(told) - half) if size]
    assert await rebuilt(database, record, sizes) == followed[: len(sizes)]


async def test_drafts_and_prepared_acts_are_built_anew(database: Database, record: Record) -> None:
    draft, act = an_id("draft"), an_id("act")
    record.say(draft, JPN_BOOK, DraftBegun(KINDS[0], PLENARY, EDITION, EN, TEXT, (JPN,), None))
    record.say(act, JPN_BOOK, ActPrepared(JPN, "endorse", "/api/proposals/x/endorsements"))
    await follow(database)
    begun = record.shown()
    record.say(draft, JPN_BOOK, DraftRewritten(KINDS[0], PLENARY, EDITION, EN, TEXT[:1], None))
    record.say(draft, JPN_BOOK, DraftClosed(DraftEnd.DISCARDED, None))
    record.say(act, JPN_BOOK, ActSent())
    await follow(database, page=1)
    closed = record.shown()

    assert await rebuilt(database, record, [FOUNDING + 2, 3]) == [begun, closed]
    assert begun != closed


def test_a_projection_is_known_by_its_name() -> None:
    assert {named(projection.name) for projection in PROJECTIONS} == set(PROJECTIONS)
    with pytest.raises(UnknownProjectionError):
        named("unheard of")
