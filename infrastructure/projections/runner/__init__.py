"""From the record to the views. What a projection needs of it is named here; the rest is the runner's own."""

from infrastructure.projections.runner.checkpoints import Parked, Progress, parked, progress, resume
from infrastructure.projections.runner.house import House
from infrastructure.projections.runner.leader import sentence
from infrastructure.projections.runner.projection import Followed, Projection, Row, Statement, Step, rows
from infrastructure.projections.runner.runner import Runner
from infrastructure.projections.runner.swapping import NoOpportunityError
from infrastructure.projections.runner.tabled import by_stream, floor_of, proposal_of

__all__ = [
    "Followed",
    "House",
    "NoOpportunityError",
    "Parked",
    "Progress",
    "Projection",
    "Row",
    "Runner",
    "Statement",
    "Step",
    "by_stream",
    "floor_of",
    "parked",
    "progress",
    "proposal_of",
    "resume",
    "rows",
    "sentence",
]
