"""The counts of progress: whole numbers, by what figures tell apart. One statement, and so one state of the record."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, Final

import msgspec

from application.views.figures import ADOPTED
from application.views.progress import Counted, ProgressAsked
from domain.identity import BookId
from infrastructure.projections.readers.wall import Reached, Views

# An edition's own moment is the one that was asked for, or its day where that comes before it; else there is none. A
# proposal is looked at twice: at the moment of the edition where it stands, and at that of the edition where it was tabled.
COUNTED: Final = """
    WITH moment AS MATERIALIZED (
        SELECT least(%(as_of)s::timestamptz, %(now)s::timestamptz)   AS at,
               coalesce(%(effective_at)s::timestamptz, 'infinity')   AS effective
    ),
    edition AS MATERIALIZED (
        SELECT e.edition, e.year, o.opened,
               CASE
                   WHEN %(day)s::int IS NULL                         THEN m.effective
                   WHEN o.opened + d.days <= least(m.at, m.effective) THEN o.opened + d.days
               END AS until
          FROM moment AS m
          JOIN views.editions AS e
            ON e.announced_at <= m.at
           AND e.announced_effective <= m.effective
           AND (%(edition)s::text[] = '{}' OR e.edition = ANY(%(edition)s))
         CROSS JOIN LATERAL (SELECT %(day)s::int * interval '24 hours' AS days) AS d
         CROSS JOIN LATERAL (SELECT CASE WHEN e.opened_at <= m.at AND e.opened_effective <= m.effective
                                         THEN e.opened_effective END AS opened) AS o
    ),
    held AS MATERIALIZED (
        SELECT s.proposal, s.at_from, s.edition, s.tabled_in, s.kind, s.format, s.sponsors, s.status, s.acted_on,
               CASE WHEN s.status = %(adopted)s THEN extract(epoch FROM s.closed - s.tabled)::bigint END AS seconds,
               CASE WHEN s.status = %(adopted)s THEN s.revisions ELSE 0 END                              AS revisions,
               s.members, s.leanings,
               s.effective_from <= here.until
                   AND (coalesce(s.at_to, 'infinity') > m.at OR s.effective_to > here.until)             AS happened,
               s.effective_from <= origin.until
                   AND (coalesce(s.at_to, 'infinity') > m.at OR s.effective_to > origin.until)           AS cohort
          FROM moment AS m
          JOIN views.stands AS s ON s.at_from <= m.at
          LEFT JOIN edition AS here   ON here.edition = s.edition
          LEFT JOIN edition AS origin ON origin.edition = s.tabled_in
    ),
    happened AS (
        SELECT edition, kind, format, sponsors, status, acted_on, tabled_in = edition AS tabled, seconds, revisions,
               members, leanings, count(*) AS count
          FROM held
         WHERE happened
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ),
    latest AS (
        SELECT DISTINCT ON (proposal) *
          FROM held
         WHERE cohort
         ORDER BY proposal, at_from DESC
    ),
    cohort AS (
        SELECT tabled_in AS edition, kind, format, sponsors, status, acted_on, true AS tabled, seconds, revisions,
               '{}'::text[] AS members, '{}'::bigint[] AS leanings, count(*) AS count
          FROM latest
         GROUP BY 1, 2, 3, 4, 5, 6, 8, 9
    ),
    silences AS (
        SELECT q.edition, count(*) FILTER (WHERE NOT q.broken) AS opened, count(*) FILTER (WHERE q.broken) AS broken
          FROM moment AS m
          JOIN views.silences AS q ON q.at <= m.at
          JOIN edition AS e ON e.edition = q.edition AND q.effective <= e.until
         GROUP BY q.edition
    )
    SELECT json_build_object(
               'editions', (SELECT coalesce(json_agg(json_build_object(
                                       'edition', e.edition, 'year', e.year, 'opened', e.opened)), '[]') FROM edition AS e),
               'happened', (SELECT coalesce(json_agg(h), '[]') FROM happened AS h),
               'cohort',   (SELECT coalesce(json_agg(c), '[]') FROM cohort AS c),
               'silences', (SELECT coalesce(json_agg(q), '[]') FROM silences AS q),
               'reached',  (SELECT coalesce(json_object_agg(r.book, r.index), '{}')
                              FROM moment AS m CROSS JOIN LATERAL views.reached('progress', m.at) AS r)
           )::text AS counted
"""

_counted = msgspec.json.Decoder(Counted).decode


class PostgresProgress:
    """The counts, read from versions with ranges."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def counted(self, books: Set[BookId], asked: ProgressAsked, *, now: datetime, reached: int | None = None) -> Counted:
        """All that lies in these books at the moment; ``now``: the latest instant to look at. Raises Busy.

        ``reached``: a position that the view has reached; then a replica on which it has, too, may answer.
        """
        here = None if reached is None else Reached("progress", reached)
        (row,) = await self._views.select(books, COUNTED, _parameters(asked, now), here)
        return _counted(row["counted"])


def _parameters(asked: ProgressAsked, now: datetime) -> Mapping[str, Any]:
    return {
        "as_of": asked.as_of,
        "now": now,
        "effective_at": asked.effective_at,
        "edition": list(asked.edition),
        "day": asked.day,
        "adopted": ADOPTED,
    }
