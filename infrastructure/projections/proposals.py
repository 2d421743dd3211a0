"""Versions of each proposal's status, with the times between which they hold, and whom it waits for meanwhile.

A fact ends the version that runs and takes back what time alone would have brought after it. Then it writes its own
version and, after it, each that time alone will bring now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from application.views.proposals import Need, ProposalRow, needs, passing, row, sought
from domain.identity import BookId, ProposalId
from infrastructure.eventlog.arrays import instants, uuids
from infrastructure.projections.runner import (
    Followed,
    House,
    Projection,
    Row,
    Statement,
    Step,
    by_stream,
    floor_of,
    proposal_of,
    rows,
)

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
END_NEEDS: Final = """
    UPDATE views.needs AS n
       SET at_to = u.at_to
      FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
           AS u (proposal, whom, what, at, at_to)
     WHERE n.proposal = u.proposal
       AND n.whom = u.whom
       AND n.what = u.what
       AND n.at_from < u.at
       AND coalesce(n.at_to, 'infinity') >= u.at
"""
WRITE_NEEDS: Final = """
    INSERT INTO views.needs
    SELECT * FROM json_populate_recordset(NULL::views.needs, %s::json)
"""


class Version(Struct, frozen=True):
    """How the proposal stands from an instant on."""

    book: BookId
    at: datetime
    effective: datetime
    row: ProposalRow


class Needed(Struct, frozen=True):
    """Something that is needed, with the times between which it is."""

    need: Need
    begun: datetime
    ended: datetime | None


class Course(Struct, frozen=True):
    """What some facts bring to a proposal: versions, and what it needs meanwhile; and what it had needed without them."""

    versions: tuple[Version, ...]
    needs: tuple[Needed, ...]
    needed: tuple[Needed, ...]

    @property
    def proposal(self) -> ProposalId:
        """Whose it is."""
        return self.versions[0].row.id

    @property
    def at(self) -> datetime:
        """When it begins."""
        return self.versions[0].at

    @property
    def running(self) -> dict[Need, datetime | None]:
        """What is needed as it begins, and until when it would have been."""
        return {
            one.need: one.ended for one in self.needed if one.begun < self.at and (one.ended is None or one.ended >= self.at)
        }


def apply(steps: Sequence[Step]) -> Iterable[Statement]:
    """The rows that these facts change."""
    courses = [course_of(facts) for facts in by_stream(steps)]
    proposals = uuids([course.proposal.bytes for course in courses])
    begins = instants([course.at for course in courses])
    effective = instants([course.versions[0].effective for course in courses])
    yield Statement(FORGET, (proposals, begins))
    yield Statement(FORGET_NEEDS, (proposals, begins))
    yield Statement(END, (proposals, begins, effective))
    if changes := [change for course in courses for change in _changes(course)]:
        yield Statement(END_NEEDS, tuple(list(column) for column in zip(*changes, strict=True)))
    yield Statement(WRITE, (rows(record for course in courses for record in _records(course.versions)),))
    yield Statement(WRITE_NEEDS, (rows(need for course in courses for need in _begun(course)),))


def course_of(facts: Sequence[Step]) -> Course:
    """The versions that the facts of one proposal bring, and after each those that time alone brings before the next."""
    first, brought = facts[0], tuple(_brought(facts))
    needed = _expected(first.before, first.house) if first.before else ()
    return Course(brought, tuple(_needs((one.at, one.row.needs) for one in brought)), tuple(_needs(needed)))


def build(steps: Iterable[Step]) -> Iterator[Row]:
    """The rows that all facts of a proposal leave behind, each as soon as its end is known."""
    since: dict[Need, datetime] = {}
    for version, following in pairwise(chain(_brought(steps), (None,))):
        assert version is not None, "only the end is None"
        yield Row("proposal_versions", _record(version, following))
        ended, since = _going_on(since, version.at, version.row.needs)
        still = (Needed(need, begun, None) for need, begun in since.items()) if following is None else ()
        for needed in (*ended, *still):
            yield Row("needs", _need(version.row.id, version.book, needed))


def _brought(facts: Iterable[Step]) -> Iterator[Version]:
    """The version of each fact, and after it those that time alone brings before the next."""
    for step, following in pairwise(chain(facts, (None,))):
        assert step is not None, "only the end is None"
        yield from _versions(step, following.recorded.at if following else None)


def _versions(step: Step, until: datetime | None) -> Iterator[Version]:
    stream, (members, rules) = step.after, floor_of(step.after, step.house)
    for moment, settled in passing(proposal_of(stream), stream.at, until):
        effective = stream.happened if moment == stream.at else max(stream.happened, moment)
        shown = row(settled, moment, stream.folded.version, members=members, rules=rules)
        yield Version(stream.folded.book, moment, effective, shown)


def _expected(stream: Followed, house: House) -> Iterator[tuple[datetime, tuple[Need, ...]]]:
    """What would have been needed, and from when on, if time alone had gone on."""
    members, rules = floor_of(stream, house)
    for moment, settled in passing(proposal_of(stream), stream.at):
        yield moment, needs(settled, moment, members=members, rules=rules)


def _needs(moments: Iterable[tuple[datetime, tuple[Need, ...]]]) -> Iterator[Needed]:
    """What is needed without a pause, once, with the times between which it is."""
    since: dict[Need, datetime] = {}
    for at, needed in moments:
        ended, since = _going_on(since, at, needed)
        yield from ended
    yield from (Needed(need, begun, None) for need, begun in since.items())


def _going_on(
    since: Mapping[Need, datetime], at: datetime, needed: Iterable[Need]
) -> tuple[list[Needed], dict[Need, datetime]]:
    """Of what was needed since some time: what ends, and what is needed from ``at`` on, with its begin."""
    still = {need: since.get(need, at) for need in needed}
    return [Needed(need, begun, at) for need, begun in since.items() if need not in still], still


def _records(versions: Sequence[Version]) -> Iterator[Mapping[str, object]]:
    for version, following in pairwise([*versions, None]):
        assert version is not None, "only the end is None"
        yield _record(version, following)


def _record(version: Version, following: Version | None) -> Mapping[str, object]:
    record = asdict(replace(version.row, needs=())) | {  # they have a table of their own, and are most of a row
        "proposal": version.row.id,
        "book": version.book,
        "at_from": version.at,
        "at_to": following.at if following else None,
        "effective_from": version.effective,
        "effective_to": following.effective if following else None,
        "sought": sought(version.row),
    }
    del record["id"], record["needs"]
    return record


def _changes(course: Course) -> Iterator[tuple[ProposalId, str, str, datetime, datetime | None]]:
    """What was needed, and now is until another time: at the latest until the course begins, if it is not needed then."""
    goes_on = {one.need: one.ended for one in course.needs if one.begun == course.at}
    for need, ended in course.running.items():
        until = goes_on.get(need, course.at)
        if until != ended:
            yield course.proposal, need.whom, need.what, course.at, until


def _begun(course: Course) -> Iterator[Mapping[str, object]]:
    """What is needed and was not before."""
    book, running = course.versions[0].book, course.running
    for one in course.needs:
        if one.begun > course.at or one.need not in running:
            yield _need(course.proposal, book, one)


def _need(proposal: ProposalId, book: BookId, one: Needed) -> Mapping[str, object]:
    return asdict(one.need) | {"proposal": proposal, "book": book, "at_from": one.begun, "at_to": one.ended}


PROPOSALS: Final = Projection("proposals", frozenset({"proposal"}), ("proposal_versions", "needs"), apply, build)
