"""Each draft as it stands."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import asdict

from application.views.drafts import row
from domain.drafts.draft import Draft
from infrastructure.projections.runner import Projection, Row, Statement, Step, rows

FORGET: Final = "DELETE FROM views.drafts WHERE id = ANY(%s)"
WRITE: Final = """
    INSERT INTO views.drafts
    SELECT * FROM json_populate_recordset(NULL::views.drafts, %s::json)
"""


def apply(steps: Sequence[Step]) -> Iterable[Statement]:
    """The rows that these facts change."""
    last = {step.recorded.stream: step for step in steps}
    yield Statement(FORGET, (list(last),))
    yield Statement(WRITE, (rows(map(_record, last.values())),))


def build(steps: Iterable[Step]) -> Iterator[Row]:
    """The row that all of a stream comes to."""
    (last,) = deque(steps, maxlen=1)
    yield Row("drafts", _record(last))


def _record(step: Step) -> Mapping[str, object]:
    stream = step.after.folded
    assert isinstance(stream.state, Draft), "the room has no other state"
    shown = row(stream.state, stream.version, begun=step.after.begun, updated=step.after.at)
    return asdict(shown) | {"book": stream.book}


DRAFTS: Final = Projection("drafts", frozenset({"draft"}), ("drafts",), apply, build)
