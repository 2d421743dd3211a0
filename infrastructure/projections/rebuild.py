"""All projections, and building one of them anew."""

from typing import Final

from infrastructure.eventlog.sessions import Session
from infrastructure.projections.drafts import DRAFTS
from infrastructure.projections.prepared import PREPARED
from infrastructure.projections.progress import PROGRESS
from infrastructure.projections.proposals import PROPOSALS
from infrastructure.projections.runner import Projection, reset

PROJECTIONS: Final = (PROPOSALS, DRAFTS, PREPARED, PROGRESS)


class UnknownProjectionError(Exception):
    """No projection bears the name."""


def named(name: str) -> Projection:
    """The projection of that name. Raises UnknownProjectionError."""
    for projection in PROJECTIONS:
        if projection.name == name:
            return projection
    raise UnknownProjectionError(name)


async def rebuild(session: Session, projection: Projection) -> None:
    """As the projector: empty the view and put its checkpoint before the first fact. Whoever leads fills it again.

    Until then it shows less than the record. Tables first, then the checkpoint: in the order in which the leader writes.
    """
    async with session.transaction():
        await session.execute(projection.empty)
        await reset(session, projection.name)
