"""What the epochs say of a book that is opened later: each way in which it could have been made up has its verdict."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.record.checkpoint import Checkpoint
from domain.record.epochs import Epoch, Missed, Opening, Place, Said, Unseen, Verdict, Witnessing, examine
from domain.record.leaf import leaf
from domain.record.promise import WITHIN
from domain.record.slots import commitment, padding
from domain.record.tree import root

START: Final = datetime(2024, 10, 1, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
SLOT: Final = 2
PLACE: Final = Place("apc.example", "apc.example/book/1", SLOT, START)
LEAVES: Final = tuple(leaf(b"%d" % number) for number in range(40))
OTHERS: Final = (*LEAVES[:5], leaf(b"another"), *LEAVES[6:])
TIMES: Final = tuple(START + number * timedelta(minutes=10) for number in range(40))
"""Six facts an hour: the epoch that begins with hour h finds 6 h of them, the last an instant ago."""

Sealed = tuple[Epoch, Opening]


def text(size: int, leaves: Sequence[bytes] = LEAVES, origin: str = PLACE.origin) -> bytes:
    return str(Checkpoint(origin, size, root(leaves[:size]))).encode()


def sealed(hour: int, content: bytes) -> Sealed:
    """An epoch in whose slot this was, and what opens it."""
    salt = sha256(b"salt of %d" % hour).digest()
    begins = START + hour * HOUR
    filling = [sha256(b"%d %d" % (hour, slot)).hexdigest() for slot in range(4)]
    filling[SLOT] = commitment(salt, content).hex()
    epoch = Epoch(100 * hour, begins + timedelta(seconds=1), begins, 3600, tuple(filling))
    return epoch, Opening(epoch.index, SLOT, salt, content)


def looked_at(*given_: Sealed, leaves: Sequence[bytes] = LEAVES, times: Sequence[datetime] = ()) -> Witnessing:
    epochs = [epoch for epoch, _ in given_]
    return examine(PLACE, epochs, [opening for _, opening in given_], leaves, times)


def verdicts(found: Witnessing) -> list[Verdict]:
    return [said.verdict for said in found.said]


def test_a_book_that_is_what_it_was_is_witnessed_at_each_epoch() -> None:
    found = looked_at(*(sealed(hour, text(6 * hour)) for hour in range(1, 6)), times=TIMES)
    assert verdicts(found) == [Verdict.WITNESSED] * 5
    assert (found.holds, found.missed, found.unseen, found.strays) == (True, (), (), ())


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8).map(sorted), st.integers(0, 45))
def test_a_fact_is_proven_by_the_first_epoch_whose_size_reaches_over_it(sizes: list[int], index: int) -> None:
    found = looked_at(*(sealed(hour, text(size)) for hour, size in enumerate(sizes)))
    proving = next((hour for hour, size in enumerate(sizes) if size > index), None)
    assert found.proven(index) == (None if proving is None else found.said[proving].epoch)


def moved(one: Sealed) -> Sealed:
    epoch, opening = one
    return epoch, replace(opening, slot=3)


def salted(one: Sealed) -> Sealed:
    epoch, opening = one
    return epoch, replace(opening, salt=bytes(32))


def swapped(one: Sealed) -> Sealed:
    epoch, opening = one
    return epoch, replace(opening, content=text(6))


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (salted(sealed(2, text(12))), Verdict.NOT_COMMITTED),
        (swapped(sealed(2, text(12))), Verdict.NOT_COMMITTED),
        (moved(sealed(2, text(12))), Verdict.OTHER_SLOT),
        (sealed(2, b"{}"), Verdict.MALFORMED),
        (sealed(2, b"\xff"), Verdict.MALFORMED),
        (sealed(2, text(12)[:-1]), Verdict.MALFORMED),
        (sealed(2, padding("apc.example", START, SLOT)), Verdict.MALFORMED),
        (sealed(2, padding("apc.example", START + 2 * HOUR, SLOT + 1)), Verdict.MALFORMED),
        (sealed(2, text(12, origin="apc.example/book/2")), Verdict.OTHER_BOOK),
        (sealed(2, text(12, leaves=OTHERS)), Verdict.OTHER_ROOT),
        (sealed(2, text(5)), Verdict.SHRUNK),
    ],
)
def test_what_is_wrong_with_an_epoch_is_said(one: Sealed, verdict: Verdict) -> None:
    found = looked_at(sealed(1, text(6)), one, sealed(3, text(18)))
    assert verdicts(found) == [Verdict.WITNESSED, verdict, Verdict.WITNESSED]
    assert not found.holds


def test_a_book_of_which_less_is_handed_in_than_was_there_is_not_held_to_be_whole() -> None:
    found = looked_at(sealed(1, text(6)), sealed(2, text(12)), leaves=LEAVES[:10])
    assert found.said[1] == Said(sealed(2, text(12))[0], Verdict.BEYOND, 12)


def test_a_rewritten_fact_is_found_by_each_epoch_that_reaches_over_it() -> None:
    found = looked_at(*(sealed(hour, text(size)) for hour, size in enumerate((5, 6, 12))), leaves=OTHERS)
    assert verdicts(found) == [Verdict.WITNESSED, Verdict.OTHER_ROOT, Verdict.OTHER_ROOT]


def test_padding_and_gaps_are_said_and_prove_nothing() -> None:
    padded = sealed(2, padding("apc.example", START + 2 * HOUR, SLOT))
    unopened = sealed(3, text(18))
    found = examine(PLACE, [one[0] for one in (padded, unopened)], [padded[1]], LEAVES)
    assert verdicts(found) == [Verdict.PADDED, Verdict.UNOPENED]
    assert found.holds
    assert found.proven(0) is None


def test_epochs_that_nobody_sealed_are_counted() -> None:
    found = looked_at(sealed(1, text(6)), sealed(2, text(6)), sealed(5, text(6)))
    assert found.missed == (Missed(START + 2 * HOUR, START + 5 * HOUR, 2),)


def test_epochs_before_the_slot_was_drawn_say_nothing_of_the_book() -> None:
    before, after = sealed(-1, text(6)), sealed(1, text(6))
    found = examine(PLACE, [before[0], after[0]], [after[1]], LEAVES)
    assert verdicts(found) == [Verdict.WITNESSED]


def test_what_opens_no_epoch_of_the_book_is_a_stray() -> None:
    before, after = sealed(-1, text(6)), sealed(1, text(6))
    found = looked_at(before, after)
    assert found.strays == (before[1],)
    assert not found.holds


def test_a_backdated_fact_was_not_seen_by_the_epoch_after_the_time_that_it_says() -> None:
    """The epoch of the second hour holds 10 facts. Two more say to be older than it."""
    found = looked_at(sealed(1, text(6)), sealed(2, text(10)), sealed(3, text(18)), times=TIMES)
    assert found.holds
    assert found.unseen == (Unseen(found.said[1].epoch, 10, 12),)
    assert found.proven(10) == found.said[2].epoch


@pytest.mark.parametrize(("ago", "is_unseen"), [(WITHIN, False), (WITHIN + timedelta(microseconds=1), True)])
def test_a_fact_has_ten_seconds_to_come_into_the_tree(ago: timedelta, is_unseen: bool) -> None:
    epoch, opening = sealed(1, text(6))
    times = (*TIMES[:6], epoch.at - ago)
    assert bool(looked_at((epoch, opening), times=times).unseen) is is_unseen


@given(st.integers(0, len(text(12)) - 1), st.integers(1, 255))
def test_no_other_text_opens_the_slot(place: int, flip: int) -> None:
    epoch, opening = sealed(2, text(12))
    other = bytes(octet ^ flip if at == place else octet for at, octet in enumerate(opening.content))
    assert verdicts(looked_at((epoch, replace(opening, content=other)))) == [Verdict.NOT_COMMITTED]
