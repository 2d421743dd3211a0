"""The openings of a bundle: each is of its index, as a number."""

from typing import Final

import pytest
from msgspec import Raw

from domain.record.bundle import Description, Opened, line
from domain.record.envelope import SALT_BYTES, commitment
from domain.record.leaf import entry
from domain.record.openings import Openings, windows
from domain.record.report import Step

STATED: Final = Description("h", "regular", "h/book/b", "b", Raw(b"null"), start=1, end=2, size=2, sha256={})
SALT: Final = bytes(SALT_BYTES)


def faults(index: bytes) -> dict[Step, list[int]]:
    """What is wrong with the second fact of a book if its envelope has this index."""
    envelope = (
        b'{"actor":null,"at":"2026-05-01T12:00:00.000000Z","book":"b","command":"c","credential":null,"data":{},'
        b'"delegation":null,"effective":null,"index":%b,"signature":null,"stream":"s","type":"x.y","v":1}' % index
    )
    openings = Openings(STATED, [b"", entry(commitment(SALT, envelope))], windows([], 300), None, None)
    openings.read([line(Opened(envelope, 1, SALT))])
    return openings.faults


def test_an_opening_is_of_its_index() -> None:
    assert faults(b"1") == {}


@pytest.mark.parametrize("index", [b"0", b"2", b"true", b"1.0", b'"1"', b"null"])
def test_an_opening_of_another_index_or_of_none_does_not_hold(index: bytes) -> None:
    assert faults(index) == {Step.OPENINGS: [1]}
