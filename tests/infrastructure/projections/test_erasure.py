"""Words that went are in no view, and not in the mind of whoever keeps them."""

from asyncio import to_thread
from collections.abc import Iterator

import pytest

from application.folds import State
from domain.erasures.events import Basis, ErasureCarriedOut, NamedWords
from domain.proposals.events import ReasonGiven, WordsErased
from domain.proposals.proposal import Proposal
from infrastructure.postgres.embedded import Database
from infrastructure.projections.rebuild import PROJECTIONS, rebuild
from infrastructure.projections.runner.leader import Leader
from tests.domain.cast import CHN, PROPOSAL, USA, WHY, because, endorsed, objected, tabled
from tests.infrastructure.eventlog.scene import fresh
from tests.infrastructure.projections.scene import PLENARY_BOOK, Record, follow, leader

pytestmark = pytest.mark.anyio

WORDS = (NamedWords(2, ReasonGiven.tag),)
ERASED = ErasureCarriedOut(1, WORDS, Basis.PERSONAL_DATA, (CHN, USA))


def silently(_: str) -> None:
    """How far it is, is not looked at."""


def erase(record: Record) -> None:
    """The fact that erases, then the one that says so in the proposal's stream; in one command they stand the same."""
    record.say(fresh(), PLENARY_BOOK, ERASED)
    record.say(PROPOSAL, PLENARY_BOOK, WordsErased(1, (2,)))


def remembered(leading: Leader) -> Iterator[State]:
    for followed in leading._streams._known.values():
        yield followed.folded.state


def reasons(leading: Leader) -> set[str | None]:
    held = [state.positions[CHN].reason for state in remembered(leading) if isinstance(state, Proposal)]
    assert held, "the stream is remembered"
    return set(held)


async def test_a_stream_that_is_remembered_is_read_again_without_them(database: Database, record: Record) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    record.say(PROPOSAL, PLENARY_BOOK, objected(CHN), because(CHN))
    async with leader(database) as leading:
        assert await leading.step() is False
        assert reasons(leading) == {WHY}
        erase(record)
        assert await leading.step() is False
        assert reasons(leading) == {None}


@pytest.mark.parametrize("page", [1, 2, 1000])
async def test_what_follows_an_erasure_comes_to_what_it_comes_to_without_the_words(
    database: Database, record: Record, page: int
) -> None:
    record.say(PROPOSAL, PLENARY_BOOK, tabled())
    record.say(PROPOSAL, PLENARY_BOOK, objected(CHN), because(CHN))
    await follow(database, page=page)
    erase(record)
    record.say(PROPOSAL, PLENARY_BOOK, endorsed(USA))
    await follow(database, page=page)
    followed = record.shown()
    for projection in PROJECTIONS:
        await to_thread(rebuild, database.projector_url, projection, silently)
    assert record.shown() == followed
    assert all(WHY not in str(rows) for rows in followed)
