"""From the record to the views. What a projection needs of it is named here; the rest is the runner's own."""

from infrastructure.projections.runner.checkpoints import Parked, Progress, parked, progress, reset, resume
from infrastructure.projections.runner.house import House
from infrastructure.projections.runner.projection import Followed, Projection, Statement, Step, rows
from infrastructure.projections.runner.runner import Runner

__all__ = [
    "Followed",
    "House",
    "Parked",
    "Progress",
    "Projection",
    "Runner",
    "Statement",
    "Step",
    "parked",
    "progress",
    "reset",
    "resume",
    "rows",
]
