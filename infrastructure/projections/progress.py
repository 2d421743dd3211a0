"""How each proposal stands in each edition, with the times between which it does; the silences; and the editions.

Unlike a list, figures care for little of what happens to a proposal: until it is closed, positions change nothing. So a fact
brings a version only if it changes how the proposal stands, or what time alone will make of that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from application.views.stands import Stands, course
from domain.conferences.edition import Edition
from domain.conferences.events import EditionAnnounced, EditionOpened
from domain.identity import BookId, ProposalId
from domain.proposals.events import SilenceBroken, SilenceOpened
from infrastructure.eventlog.arrays import instants, uuids
from infrastructure.projections.runner import (
    Followed,
    House,
    Projection,
    Statement,
    Step,
    by_stream,
    floor_of,
    proposal_of,
    rows,
)

FORGET: Final = """
    DELETE FROM views.stands AS s
     USING unnest(%s::uuid[], %s::timestamptz[]) AS u (proposal, at)
     WHERE s.proposal = u.proposal
       AND s.at_from >= u.at
"""
# How it stood in an edition that it has left goes on to hold there.
END: Final = """
    UPDATE views.stands AS s
       SET at_to        = CASE WHEN s.edition = u.edition THEN u.at END,
           effective_to = CASE WHEN s.edition = u.edition THEN u.effective END
      FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[]) AS u (proposal, edition, at, effective)
     WHERE s.proposal = u.proposal
       AND s.at_from < u.at
       AND coalesce(s.at_to, 'infinity') >= u.at
"""
WRITE: Final = """
    INSERT INTO views.stands
    SELECT * FROM json_populate_recordset(NULL::views.stands, %s::json)
"""
WRITE_SILENCES: Final = """
    INSERT INTO views.silences
    SELECT * FROM json_populate_recordset(NULL::views.silences, %s::json)
"""
ANNOUNCE: Final = """
    INSERT INTO views.editions
    SELECT * FROM json_populate_recordset(NULL::views.editions, %s::json)
"""
# The first opening counts: one that was postponed since is opened again.
OPEN: Final = """
    UPDATE views.editions AS e
       SET opened_at = u.at, opened_effective = u.effective
      FROM unnest(%s::text[], %s::timestamptz[], %s::timestamptz[]) AS u (edition, at, effective)
     WHERE e.edition = u.edition
       AND e.opened_at IS NULL
"""


class Version(Struct, frozen=True):
    """How a proposal stands from an instant on."""

    book: BookId
    at: datetime
    effective: datetime
    closed: datetime | None
    """When what closed it is said to have happened."""
    stands: Stands


class Turn(Struct, frozen=True):
    """All that happened to a proposal at one instant."""

    before: Followed | None
    after: Followed
    happened: datetime
    house: House


def apply(steps: Sequence[Step]) -> Iterable[Statement]:
    """The rows that these facts change."""
    yield from _editions([step for step in steps if step.room == "edition"])
    proposals = [step for step in steps if step.room == "proposal"]
    yield from _versions([one for facts in by_stream(proposals) if (one := brought(facts))])
    if silences := [_silence(step) for step in proposals if isinstance(step.recorded.fact, SilenceOpened | SilenceBroken)]:
        yield Statement(WRITE_SILENCES, (rows(silences),))


# Proposals


def brought(facts: Sequence[Step]) -> tuple[Version, ...]:
    """The versions that the facts of one proposal bring, and after each the one that time alone brings before the next."""
    turns = [turn for turn in _turns(facts) if _matters(turn)]
    return tuple(
        version
        for turn, following in pairwise([*turns, None])
        if turn is not None
        for version in _until(turn, following.after.at if following else None)
    )


def _turns(facts: Sequence[Step]) -> Iterator[Turn]:
    for _, together in groupby(facts, key=lambda step: step.recorded.at):
        steps = list(together)
        yield Turn(steps[0].before, steps[-1].after, steps[-1].recorded.happened, steps[-1].house)


def _matters(turn: Turn) -> bool:
    """Whether it stands otherwise than it would if nothing but time had gone on."""
    before = turn.before and _course(turn.before, turn.after.at, turn.house)
    return before != _course(turn.after, turn.after.at, turn.house)


def _course(stream: Followed, since: datetime, house: House) -> tuple[tuple[datetime, Stands], ...]:
    members, rules = floor_of(stream, house)
    return course(proposal_of(stream), since, members=members, rules=rules)


def _until(turn: Turn, end: datetime | None) -> Iterator[Version]:
    stream = turn.after
    closed = turn.happened if proposal_of(stream).is_closed else None
    for moment, stands in _course(stream, stream.at, turn.house):
        if moment == stream.at:
            yield Version(stream.folded.book, moment, stream.happened, closed, stands)
        elif end is None or moment < end:
            yield Version(stream.folded.book, moment, max(stream.happened, moment), moment, stands)


def _versions(courses: Sequence[Sequence[Version]]) -> Iterator[Statement]:
    if not courses:
        return
    begins = [versions[0] for versions in courses]
    proposals = uuids([first.stands.proposal.bytes for first in begins])
    times = instants([first.at for first in begins])
    yield Statement(FORGET, (proposals, times))
    yield Statement(
        END, (proposals, [first.stands.edition for first in begins], times, instants([first.effective for first in begins]))
    )
    yield Statement(WRITE, (rows(record for versions in courses for record in _records(versions)),))


def _records(versions: Sequence[Version]) -> Iterator[Mapping[str, object]]:
    for place, version in enumerate(versions):
        edition = version.stands.edition
        following = next((later for later in versions[place + 1 :] if later.stands.edition == edition), None)
        yield asdict(version.stands) | {
            "book": version.book,
            "at_from": version.at,
            "at_to": following.at if following else None,
            "effective_from": version.effective,
            "effective_to": following.effective if following else None,
            "closed": version.closed,
        }


# Silences


def _silence(step: Step) -> Mapping[str, object]:
    return {
        "proposal": ProposalId(step.recorded.stream),
        "version": step.recorded.version,
        "book": step.recorded.book,
        "edition": proposal_of(step.after).edition,
        "broken": isinstance(step.recorded.fact, SilenceBroken),
        "at": step.recorded.at,
        "effective": step.recorded.happened,
    }


# Editions


def _editions(steps: Sequence[Step]) -> Iterator[Statement]:
    if announced := [step for step in steps if isinstance(step.recorded.fact, EditionAnnounced)]:
        yield Statement(ANNOUNCE, (rows(map(_announced, announced)),))
    opened: dict[str, Step] = {}
    for step in steps:
        if isinstance(step.recorded.fact, EditionOpened):
            opened.setdefault(_edition(step).announced.code, step)
    if opened:
        at = instants([step.recorded.at for step in opened.values()])
        yield Statement(OPEN, (list(opened), at, instants([step.recorded.happened for step in opened.values()])))


def _edition(step: Step) -> Edition:
    edition = step.after.folded.state
    assert isinstance(edition, Edition), "the room has no other state"
    return edition


def _announced(step: Step) -> Mapping[str, object]:
    edition = _edition(step).announced
    return {
        "edition": edition.code,
        "book": step.recorded.book,
        "year": edition.year,
        "announced_at": step.recorded.at,
        "announced_effective": step.recorded.happened,
    }


PROGRESS: Final = Projection(
    "progress",
    frozenset({"proposal", "edition"}),
    ("editions", "stands", "silences"),
    apply,
)
