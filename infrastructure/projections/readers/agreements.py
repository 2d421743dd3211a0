"""The list of agreements: what versions of proposals bear the id of one, and until when."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, Final

import msgspec

from application.views.agreements import Adoption, AgreementFilter
from application.views.pages import Bookmark, Page
from domain.identity import AgreementId, BookId, ProposalId
from infrastructure.projections.readers import lists
from infrastructure.projections.readers.wall import Views

# A version that bears an agreement and has ended without another that does: its adoption was set aside.
PAGE: Final = """
    WITH moment AS MATERIALIZED (
        SELECT least(%(as_of)s::timestamptz, %(now)s::timestamptz) AS at,
               coalesce(%(effective_at)s::timestamptz, 'infinity') AS effective
    ),
    found AS MATERIALIZED (
        SELECT v.agreement, v.proposal, min(v.at_from) AS adopted,
               CASE
                   WHEN NOT bool_or(coalesce(v.at_to, 'infinity') > m.at OR v.effective_to > m.effective)
                   THEN max(v.at_to)
               END AS void
          FROM moment AS m
          JOIN views.proposal_versions AS v
            ON v.agreement IS NOT NULL
           AND v.at_from <= m.at
           AND v.effective_from <= m.effective
           AND (%(edition)s::text[] = '{}' OR v.edition = ANY(%(edition)s))
           AND (%(format)s::text[] = '{}' OR v.format = ANY(%(format)s))
           AND (%(kind)s::text[] = '{}' OR v.kind = ANY(%(kind)s))
         GROUP BY v.agreement, v.proposal
    ),
    page AS (
        SELECT f.*
          FROM found AS f
         WHERE %(after_at)s::timestamptz IS NULL
            OR f.adopted < %(after_at)s
            OR (f.adopted = %(after_at)s AND f.agreement > %(after_id)s)
         ORDER BY f.adopted DESC, f.agreement
         LIMIT %(most)s
    )
    SELECT t.total, p.agreement AS id, p.agreement, p.proposal, p.adopted, p.void
      FROM (SELECT count(*) AS total FROM found) AS t
      LEFT JOIN page AS p ON true
     ORDER BY p.adopted DESC, p.agreement
"""
SOURCE: Final = """
    SELECT v.proposal
      FROM views.proposal_versions AS v
     WHERE v.agreement = %(agreement)s
     LIMIT 1
"""


class PostgresAgreements:
    """Read from the versions of proposals."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def page(self, books: Set[BookId], asked: AgreementFilter, *, now: datetime) -> Page[Adoption]:
        """Those of proposals in these books, the latest first; also the void ones. Raises MalformedCursorError, Busy."""
        rows = await self._views.select(books, PAGE, _parameters(asked, now))
        return lists.page(rows, asked.limit, _item, _bookmark)

    async def source(self, books: Set[BookId], agreement: AgreementId) -> ProposalId | None:
        """The proposal whose adoption brought it about. Raises Busy."""
        rows = await self._views.select(books, SOURCE, {"agreement": agreement})
        return ProposalId(rows[0]["proposal"]) if rows else None


def _parameters(asked: AgreementFilter, now: datetime) -> Mapping[str, Any]:
    return {
        "as_of": asked.as_of,
        "now": now,
        "effective_at": asked.effective_at,
        "edition": list(asked.edition),
        "format": list(asked.format),
        "kind": list(asked.kind),
        **lists.parameters(asked.limit, asked.after),
    }


def _item(row: Mapping[str, Any]) -> Adoption:
    return msgspec.convert(row, Adoption)


def _bookmark(row: Adoption) -> Bookmark:
    return Bookmark(row.adopted, row.agreement)
