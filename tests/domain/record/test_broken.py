"""Evidence of a broken promise: whatever times stand in it, it is answered with yes or no."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from domain.record import broken
from domain.record.broken import Broken, is_shown, standing
from domain.record.checkpoint import Checkpoint
from domain.record.cosignature import Cosignature, line, message
from domain.record.leaf import EMPTY_ROOT, HASH_BYTES
from domain.record.malformed import LARGEST, Malformed
from domain.record.note import Kind, Note, Signature
from domain.record.promise import WITHIN, Promise, Promised
from tests.domain.record.test_witnessing import HOLDS, LOG, OF, ORIGIN, bare, key, log_signed

AT: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
LAST: Final = datetime.max.replace(tzinfo=UTC)
DUE: Final = int((AT + WITHIN).timestamp())
PROMISER: Final = key("forum.example/promise", Kind.ED25519)
WITNESS: Final = OF["JPN"]


def missing(seen: int, at: datetime = AT) -> Broken:
    """A fact was promised for ``at``, and at ``seen`` a witness saw an empty book."""
    text = str(Promise(ORIGIN, (Promised(0, bytes(HASH_BYTES), at),)))
    made = Note(text, (Signature(PROMISER.name, PROMISER.id, bare(PROMISER.public, text.encode())),))
    under = log_signed(Checkpoint(ORIGIN, 0, EMPTY_ROOT))
    under = under.beside(line(WITNESS, Cosignature(seen, bare(WITNESS.public, message(WITNESS, under.text, seen)))))
    return broken.parsed(bytes(Broken(bytes(made).decode(), 0, bytes(under).decode())))


@pytest.mark.parametrize(
    ("seen", "at", "is_broken"),
    [
        (DUE, AT, True),
        (DUE - 1, AT, False),
        (DUE, AT + timedelta(microseconds=1), False),
        (LARGEST, AT, True),
        (DUE, LAST, False),
        (LARGEST, LAST, True),
    ],
)
def test_a_fact_is_missing_from_when_it_was_due(seen: int, at: datetime, is_broken: bool) -> None:
    assert is_shown(missing(seen, at), [PROMISER, LOG], [WITNESS], HOLDS) is is_broken
    assert not is_shown(missing(seen, at), [PROMISER, LOG], [], HOLDS)


def test_what_is_promised_for_the_end_of_all_time_is_open() -> None:
    assert standing(Promised(0, bytes(HASH_BYTES), LAST), 0, None, AT) == "open"


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format":"\xff"}', b"[" * 100_000])
def test_what_is_no_evidence_is_malformed(content: bytes) -> None:
    with pytest.raises(Malformed):
        broken.parsed(content)
