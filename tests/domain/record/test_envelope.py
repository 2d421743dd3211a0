import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785

from domain.forum.events import LetterReserved
from domain.identity import BookId, CommandId, StreamId
from domain.record.envelope import instant, pieces
from tests.domain.cast import JAPAN_US, an_id

TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2024, 10, 1, 9, tzinfo=UTC), "2024-10-01T09:00:00.000000Z"),
        (datetime(2024, 10, 1, 9, 0, 0, 1, tzinfo=UTC), "2024-10-01T09:00:00.000001Z"),
        (datetime(2024, 10, 1, 9, tzinfo=TOKYO), "2024-10-01T00:00:00.000000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000000Z"),
        (datetime(476, 9, 4, 12, tzinfo=UTC), "0476-09-04T12:00:00.000000Z"),
        (datetime.max.replace(tzinfo=UTC), "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_is_written_in_fixed_width_in_utc(at: datetime, written: str) -> None:
    assert instant(at) == written


def test_the_pieces_filled_are_canonical_json_whatever_the_holes_hold() -> None:
    stream, book, command = StreamId(an_id("s")), BookId(an_id("b")), CommandId(an_id("c"))
    around = pieces(
        LetterReserved("B", JAPAN_US), stream=stream, book=book, command=command, effective=datetime(1, 1, 1, tzinfo=UTC)
    )
    for index in (0, 9, 10, 2**53 - 1):
        filled = around.filled(datetime(2024, 10, 1, 9, tzinfo=TOKYO), index)
        assert rfc8785.dumps(json.loads(filled)) == filled
        assert json.loads(filled) == {
            "actor": None,
            "at": "2024-10-01T00:00:00.000000Z",
            "book": str(book),
            "command": str(command),
            "credential": None,
            "data": {"format": "japan-us", "letter": "B"},
            "delegation": None,
            "effective": "0001-01-01T00:00:00.000000Z",
            "index": index,
            "signature": None,
            "stream": str(stream),
            "type": "letter.reserved",
            "v": 1,
        }
