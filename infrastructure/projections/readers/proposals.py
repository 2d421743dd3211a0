"""The list of proposals: now, or at a moment before."""

from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from typing import Any, Final, LiteralString

import msgspec

from application.views.pages import Bookmark, Page
from application.views.proposals import CHAIR, Needing, ProposalFilter, ProposalRow, words
from domain.identity import BookId
from infrastructure.projections.readers import lists
from infrastructure.projections.readers.wall import Reached, Views

FOUND: Final = """
    WITH moment AS MATERIALIZED (
        SELECT least(%(as_of)s::timestamptz, coalesce(%(now)s::timestamptz, record.clock())) AS at,
               coalesce(%(effective_at)s::timestamptz, 'infinity')                           AS effective
    ),
    found AS MATERIALIZED (
        SELECT v.proposal, v.at_from, v.tabled
          FROM views.proposal_versions AS v
         WHERE v.at_from <= (SELECT at FROM moment)
"""
# Of what was ever so, little is so now. The planner cannot know that of a moment which it does not know; from a range,
# even with an idle end, it concludes so, and takes the index (0002_views.sql).
HELD_AT: Final = """
           AND CASE WHEN v.at_to IS NULL THEN 'infinity' ELSE v.at_to END > (SELECT at FROM moment)
           AND CASE WHEN v.at_to IS NULL THEN 'infinity' ELSE v.at_to END <= 'infinity'
"""
# The latest version of which the record said something by the one time and that held by the other.
HELD_AT_BOTH: Final = """
           AND v.effective_from <= (SELECT effective FROM moment)
           AND (coalesce(v.at_to, 'infinity') > (SELECT at FROM moment)
                OR v.effective_to > (SELECT effective FROM moment))
"""
EDITION: Final = "AND v.edition = ANY(%(edition)s)"
KIND: Final = "AND v.kind = ANY(%(kind)s)"
STATUS: Final = "AND v.status = ANY(%(status)s)"
FORMAT: Final = "AND v.format = ANY(%(format)s)"
SPONSOR: Final = "AND v.sponsors && %(sponsor)s::text[]"
PREDECESSOR: Final = "AND v.predecessor = ANY(%(predecessor)s)"
SEARCHED: Final = """
           AND (v.proposal, v.at_from) IN (SELECT s.proposal, s.at_from
                                             FROM views.search(%(patterns)s, (SELECT at FROM moment),
                                                                             (SELECT effective FROM moment)) AS s)
"""
NEEDED: Final = """
           AND EXISTS (SELECT
                         FROM views.needs AS n
                        WHERE n.proposal = v.proposal
                          AND n.whom = ANY(%(whom)s)
                          AND n.at_from <= v.at_from
                          AND coalesce(n.at_to, 'infinity') > v.at_from
                          AND (n.whom = %(chair)s)
                            = ((v.edition, v.format) IN (SELECT * FROM unnest(%(chaired_editions)s::text[],
                                                                              %(chaired_formats)s::text[]))))
"""
PAGE: Final = """
    ),
    page AS (
        SELECT f.proposal, f.at_from
          FROM found AS f
         WHERE %(after_at)s::timestamptz IS NULL
            OR f.tabled < %(after_at)s
            OR (f.tabled = %(after_at)s AND f.proposal > %(after_id)s)
         ORDER BY f.tabled DESC, f.proposal
         LIMIT %(most)s
    )
    SELECT t.total, v.proposal AS id, v.number, v.kind, v.format, v.edition, v.status, v.master, v.title, v.sponsors,
           v.main_sponsor, v.penholder, v.revision, v.issued, v.changes, v.certified, v.endorsing, v.members,
           v.agreed_ad_referendum, v.objections, v.tabled, v.effective, v.closed, v.deadline, v.agreement, v.predecessor,
           v.version,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('whom', n.whom, 'what', n.what, 'due', n.due)
                                      ORDER BY n.whom COLLATE "C", n.what COLLATE "C"), '[]')
              FROM views.needs AS n
             WHERE n.proposal = v.proposal
               AND n.at_from <= v.at_from
               AND coalesce(n.at_to, 'infinity') > v.at_from) AS needs
      FROM (SELECT count(*) AS total FROM found) AS t
      LEFT JOIN page AS p ON true
      LEFT JOIN views.proposal_versions AS v USING (proposal, at_from)
     ORDER BY v.tabled DESC, v.proposal
"""


class PostgresProposals:
    """The lists of proposals, read from versions with ranges."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def page(
        self, books: Set[BookId], asked: ProposalFilter, *, now: datetime | None = None, reached: int | None = None
    ) -> Page[ProposalRow]:
        """The proposals in these books, the newest first. ``now``: by the record's clock, if nothing else is said.

        ``reached``: a position that the view has reached; then a replica on which it has, too, may answer.
        Raises MalformedCursorError, Busy.
        """
        assert reached is None or now is not None, "a replica has a clock of its own"
        here = None if reached is None else Reached("proposals", reached)
        rows = await self._views.select(books, _query(asked), _parameters(asked, now), here)
        return lists.page(rows, asked.limit, _item, _bookmark)


def _query(asked: ProposalFilter) -> LiteralString:
    return FOUND + "\n".join(_conditions(asked)) + PAGE


def _conditions(asked: ProposalFilter) -> Iterator[LiteralString]:
    yield HELD_AT if asked.effective_at is None else HELD_AT_BOTH
    if asked.edition:
        yield EDITION
    if asked.kind:
        yield KIND
    if asked.status:
        yield STATUS
    if asked.format:
        yield FORMAT
    if asked.sponsor:
        yield SPONSOR
    if asked.predecessor:
        yield PREDECESSOR
    if asked.q.strip():
        yield SEARCHED
    if asked.needs is not None:
        yield NEEDED


def _parameters(asked: ProposalFilter, now: datetime | None) -> Mapping[str, Any]:
    return {
        "as_of": asked.as_of,
        "now": now,
        "effective_at": asked.effective_at,
        "edition": list(asked.edition),
        "kind": list(asked.kind),
        "status": list(asked.status),
        "format": list(asked.format),
        "sponsor": list(asked.sponsor),
        "predecessor": list(asked.predecessor),
        "patterns": [f"%{_literally(word)}%" for word in words(asked.q)],
        **_needing(asked.needs or Needing()),
        **lists.parameters(asked.limit, asked.after),
    }


def _literally(word: str) -> str:
    """Without a meaning for LIKE."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _needing(needing: Needing) -> Mapping[str, Any]:
    return {
        "chair": CHAIR,
        "whom": [CHAIR, *needing.delegations],
        "chaired_editions": [edition for edition, _ in sorted(needing.chairs)],
        "chaired_formats": [format_ for _, format_ in sorted(needing.chairs)],
    }


def _item(row: Mapping[str, Any]) -> ProposalRow:
    return msgspec.convert(row, ProposalRow)


def _bookmark(row: ProposalRow) -> Bookmark:
    return Bookmark(row.tabled, row.id)
