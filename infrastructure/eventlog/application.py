"""The record as an Application of the eventsourcing library: its repository, notification log and subscriptions over our facts.

Without a recorder it keeps its events in memory, as the library does by itself.
"""

from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, Mapper
from eventsourcing.utils import EnvType

from infrastructure.eventlog.mapper import READER, EnvelopeMapper, Reader


class RecordApplication(Application[UUID]):
    """What it saves and reads are ``mapper.Event``s; what one call saves is one command."""

    name = "record"
    log_section_size = 1000

    def __init__(
        self, recorder: ApplicationRecorder | None = None, *, reader: Reader = READER, env: EnvType | None = None
    ) -> None:
        self._given = recorder
        self._reader = reader
        super().__init__(env)

    def construct_mapper(self) -> Mapper[UUID]:
        """Envelopes and tags."""
        return EnvelopeMapper(self._reader)

    def construct_recorder(self) -> ApplicationRecorder:
        """The record's, if one was given."""
        return self._given or super().construct_recorder()
