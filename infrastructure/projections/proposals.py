"""Versions of each proposal's status, with the times between which they hold, and whom it waits for meanwhile.

A fact ends the version that runs and takes back what time alone would have brought after it. Then it writes its own
version and, after it, each that time alone will bring now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from application.views.proposals import Need, ProposalRow, passing, row, sought
from domain.identity import BookId, StreamId
from domain.proposals.proposal import Proposal
from infrastructure.projections.runner import Projection, Statement, Step, rows

FORGET: Final = """
    DELETE FROM views.proposal_versions AS v
     USING unnest(%s::uuid[], %s::timestamptz[]) AS u (proposal, at)
     WHERE v.proposal = u.proposal
       AND v.at_from >= u.at
"""
FORGET_NEEDS: Final = """
    DELETE FROM views.needs AS n
     USING unnest(%s::uuid[], %s::timestamptz[]) AS u (proposal, at)
     WHERE n.proposal = u.proposal
       AND n.at_from >= u.at
"""
END: Final = """
    UPDATE views.proposal_versions AS v
       SET at_to = u.at, effective_to = u.effective
      FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS u (proposal, at, effective)
     WHERE v.proposal = u.proposal
       AND v.at_from < u.at
       AND coalesce(v.at_to, 'infinity') >= u.at
"""
WRITE: Final = """
    INSERT INTO views.proposal_versions
    SELECT * FROM json_populate_recordset(NULL::views.proposal_versions, %s::json)
"""
# What goes on keeps its row: of all that a proposal needs, a fact changes little.
WRITE_NEEDS: Final = """
    WITH begun AS MATERIALIZED (
        SELECT * FROM unnest(%s::uuid[], %s::timestamptz[]) AS u (proposal, at)
    ),
    new AS MATERIALIZED (
        SELECT u.*, u.at_from = b.at AS at_once
          FROM json_populate_recordset(NULL::views.needs, %s::json) AS u
          JOIN begun AS b USING (proposal)
    ),
    running AS MATERIALIZED (
        SELECT n.*, b.at
          FROM views.needs AS n
          JOIN begun AS b USING (proposal)
         WHERE n.at_from < b.at
           AND coalesce(n.at_to, 'infinity') >= b.at
    ),
    ended AS (
        UPDATE views.needs AS n
           SET at_to = CASE WHEN new.at_once THEN new.at_to ELSE r.at END
          FROM running AS r
          LEFT JOIN new ON new.at_once
                       AND (new.proposal, new.whom, new.what) = (r.proposal, r.whom, r.what)
                       AND new.due IS NOT DISTINCT FROM r.due
         WHERE (n.proposal, n.whom, n.what, n.at_from) = (r.proposal, r.whom, r.what, r.at_from)
           AND n.at_to IS DISTINCT FROM CASE WHEN new.at_once THEN new.at_to ELSE r.at END
    )
    INSERT INTO views.needs (proposal, whom, what, due, book, at_from, at_to)
    SELECT new.proposal, new.whom, new.what, new.due, new.book, new.at_from, new.at_to
      FROM new
     WHERE NOT new.at_once
        OR NOT EXISTS (SELECT
                         FROM running AS r
                        WHERE (new.proposal, new.whom, new.what) = (r.proposal, r.whom, r.what)
                          AND new.due IS NOT DISTINCT FROM r.due)
"""


class Version(Struct, frozen=True):
    """How the proposal stands from an instant on."""

    book: BookId
    at: datetime
    effective: datetime
    row: ProposalRow


def apply(steps: Sequence[Step]) -> Iterable[Statement]:
    """The rows that these facts change."""
    courses = [list(versions(course)) for course in _by_stream(steps)]
    first = [course[0] for course in courses]
    proposals = [version.row.id for version in first]
    begins = [version.at for version in first]
    yield Statement(FORGET, (proposals, begins))
    yield Statement(FORGET_NEEDS, (proposals, begins))
    yield Statement(END, (proposals, begins, [version.effective for version in first]))
    yield Statement(WRITE, (rows(record for course in courses for record in _records(course)),))
    yield Statement(WRITE_NEEDS, (proposals, begins, rows(need for course in courses for need in _needs(course))))


def _by_stream(steps: Sequence[Step]) -> Iterable[list[Step]]:
    courses: dict[StreamId, list[Step]] = {}
    for step in steps:
        courses.setdefault(step.recorded.stream, []).append(step)
    return courses.values()


def versions(course: Sequence[Step]) -> Iterator[Version]:
    """The versions that the facts of one proposal bring, and after each those that time alone brings before the next."""
    for step, following in pairwise([*course, None]):
        assert step is not None, "only the end is None"
        yield from _until(step, following.recorded.at if following else None)


def _until(step: Step, until: datetime | None) -> Iterator[Version]:
    proposal, house = step.stream.state, step.house
    assert isinstance(proposal, Proposal), "the room has no other state"
    assert house.rules is not None, "a forum is founded before anything is tabled in it"
    for moment, settled in passing(proposal, step.recorded.at, until):
        yield Version(
            book=step.stream.book,
            at=moment,
            effective=step.happened if moment == step.recorded.at else max(step.happened, moment),
            row=row(settled, moment, step.stream.version, members=house.members[proposal.format], rules=house.rules),
        )


def _records(course: Sequence[Version]) -> Iterator[Mapping[str, object]]:
    for version, following in pairwise([*course, None]):
        assert version is not None, "only the end is None"
        yield asdict(version.row) | {
            "proposal": version.row.id,
            "book": version.book,
            "at_from": version.at,
            "at_to": following.at if following else None,
            "effective_from": version.effective,
            "effective_to": following.effective if following else None,
            "sought": sought(version.row),
        }


def _needs(course: Sequence[Version]) -> Iterator[Mapping[str, object]]:
    """What is needed without a pause, once, with the times between which it is."""
    since: dict[Need, datetime] = {}
    for version in course:
        still = {need: since.get(need, version.at) for need in version.row.needs}
        yield from (_need(version, need, since[need], version.at) for need in since if need not in still)
        since = still
    yield from (_need(course[0], need, begun, None) for need, begun in since.items())


def _need(version: Version, need: Need, begun: datetime, ended: datetime | None) -> Mapping[str, object]:
    place = {"proposal": version.row.id, "book": version.book, "at_from": begun, "at_to": ended}
    return place | asdict(need)


PROPOSALS: Final = Projection("proposals", frozenset({"proposal"}), "TRUNCATE views.proposal_versions, views.needs", apply)
