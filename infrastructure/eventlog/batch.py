"""A batch of submissions in the form that the append function takes, and its answer as outcomes. Pure: no connection, no clock."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple, assert_never

import msgspec
from msgspec import Struct

from application.ports import BackwardsError, Entry, KeyReused, Late, Mark, Receipt, RevokedError, Stale, Submission
from domain.identity import BookId, CommandId, StreamId
from domain.record.envelope import SALT_BYTES, Pieces, pieces
from infrastructure.eventlog import repetition
from infrastructure.eventlog.arrays import Packed, bigints, byteas, instants, ints, texts, uuids
from infrastructure.eventlog.repetition import Original, receipt, sealed

Entropy = Callable[[int], bytes]
"""So many random bytes: ``os.urandom``, or a seeded one in a test."""
Outcome = Receipt | Stale | Late | BackwardsError | KeyReused | RevokedError
"""What becomes of a submission; the last three are raised where it was handed in."""

Verdict = Literal["recorded", "repeated", "revoked", "stale", "backwards", "late"]

KEY_BYTES: Final = 16


class Line(Struct, frozen=True):
    """A fact that is encoded but for its time and its index."""

    type: str
    stream: StreamId
    book: BookId
    salt: bytes
    pieces: Pieces


class Encoded(Struct, frozen=True):
    """A command as the append function takes it."""

    command: CommandId
    key: bytes
    expected: tuple[tuple[StreamId, int], ...]
    lines: tuple[Line, ...]
    since: datetime | None = None
    until: datetime | None = None
    told: datetime | None = None
    request: bytes | None = None
    seal: bytes | None = None
    token: bytes | None = None


def encoded(submission: Submission, entropy: Entropy) -> Encoded:
    """Encode a submission. Without a key it is given a random one, so that a writer who lost its answer can ask again."""
    assert submission.entries, "a command without a fact leaves nothing to record"
    key, request = submission.key, submission.request
    assert key is None or len(key) == KEY_BYTES, "a key has 16 bytes"
    return Encoded(
        command=submission.command,
        key=entropy(KEY_BYTES) if key is None else key,
        expected=submission.expected,
        lines=tuple([_line(submission, entry, entropy) for entry in submission.entries]),
        since=submission.since,
        until=submission.until,
        told=submission.told,
        request=request,
        seal=None if request is None else sealed(request, entropy(repetition.SALT_BYTES)),
        token=submission.token,
    )


def _line(submission: Submission, entry: Entry, entropy: Entropy) -> Line:
    envelope = pieces(
        entry.fact,
        stream=entry.stream,
        book=entry.book,
        command=submission.command,
        actor=None if entry.by_all else submission.actor,
        delegation=None if entry.by_all else submission.delegation,
        credential=None if entry.by_all else submission.credential,
        effective=submission.effective,
        signature=entry.signature,
    )
    return Line(entry.fact.tag, entry.stream, entry.book, entropy(SALT_BYTES), envelope)


APPEND: Final = """
    SELECT verdicts, positions, times, indices, repeated::text
      FROM record.append(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)
"""


class _Numbers(dict[bytes, int]):
    """Names in the order in which they were first called, each with its number from 1."""

    def __missing__(self, name: bytes) -> int:
        number = self[name] = len(self) + 1
        return number


def parameters(batch: Sequence[Encoded]) -> tuple[Packed, ...]:
    """The arguments of ``record.append``, in its order."""
    keys, streams, books = _Numbers(), _Numbers(), _Numbers()
    command_keys = [keys[one.key] for one in batch]
    expected = [(c, streams[stream.bytes], at) for c, one in enumerate(batch, 1) for stream, at in one.expected]
    lines = [(c, line) for c, one in enumerate(batch, 1) for line in one.lines]
    fact_streams = [streams[line.stream.bytes] for _, line in lines]
    fact_books = [books[line.book.bytes] for _, line in lines]
    return (
        uuids([one.command.bytes for one in batch]),
        ints(command_keys),
        byteas([one.seal for one in batch]),
        byteas([one.token for one in batch]),
        instants([one.since for one in batch]),
        instants([one.until for one in batch]),
        instants([one.told for one in batch]),
        uuids(keys),
        uuids(streams),
        uuids(books),
        ints([command for command, _, _ in expected]),
        ints([stream for _, stream, _ in expected]),
        bigints([version for _, _, version in expected]),
        ints([command for command, _ in lines]),
        ints(fact_streams),
        ints(fact_books),
        texts([line.type for _, line in lines]),
        byteas([line.salt for _, line in lines]),
        byteas([line.pieces.head for _, line in lines]),
        byteas([line.pieces.middle for _, line in lines]),
        byteas([line.pieces.tail for _, line in lines]),
    )


class Answer(NamedTuple):
    """The row with which ``record.append`` answers: a verdict by command, the rest by fact."""

    verdicts: list[Verdict]
    positions: list[int]
    times: list[datetime]
    indices: list[int]
    repeated: str | None


def outcomes(batch: Sequence[Encoded], answer: Answer) -> Iterator[Outcome]:
    """What became of each command of the batch."""
    originals = _originals(answer.repeated) if answer.repeated else {}
    begin = 0
    for number, (one, verdict) in enumerate(zip(batch, answer.verdicts, strict=True), 1):
        end = begin + len(one.lines)
        match verdict:
            case "recorded":
                yield Receipt(one.command, answer.positions[end - 1], _marks(one, answer, begin))
            case "repeated":
                yield _repeated(one, originals[number])
            case "revoked":
                yield RevokedError("the token holds no longer")
            case "stale":
                yield Stale()
            case "backwards":
                yield BackwardsError(f"the time told, {one.told}, is not one that the record can take")
            case "late":
                yield Late(min(answer.times[begin:end]))
            case _:
                assert_never(verdict)
        begin = end


def _marks(one: Encoded, answer: Answer, begin: int) -> tuple[Mark, ...]:
    return tuple(
        [
            Mark(line.type, line.stream, line.book, answer.indices[place], answer.times[place])
            for place, line in enumerate(one.lines, begin)
        ]
    )


def _repeated(one: Encoded, original: Original) -> Receipt | KeyReused:
    """The first answer; where that was to this very command, its writer had lost it."""
    try:
        return receipt(original, one.request, repeated=original.command != one.command)
    except KeyReused as reused:
        return reused


_originals = msgspec.json.Decoder(dict[int, Original]).decode
