"""The rules of procedure that a forum sets for itself, with their defaults."""

from datetime import timedelta
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

Seconds = Annotated[int, Meta(ge=0, le=365 * 24 * 3600)]

HOUR: Final = 3600


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """Durations are whole seconds, so that they can be written down once and for all."""

    silence_between_meetings: Seconds = 72 * HOUR
    """The shortest silence outside the meeting days (UNGA decision 74/544: at least 72 hours)."""
    silence_in_session: Seconds = 12 * HOUR
    """The shortest silence on the meeting days: overnight."""
    notice: Seconds = 24 * HOUR
    """How long before its decision a text must have been issued, unless nobody present objects."""
    quorum: Literal["all"] = "all"
    """Who must be present at a decision: every delegation of the format."""
    languages_for_silence: Annotated[int, Meta(ge=1, le=50)] = 1
    """In how many languages a text must be complete before it is put under silence."""
    editorial_certification: bool = True
    """Whether a change marked editorial counts as one only once the chair certifies it."""
    reserve: Seconds = 30 * 24 * HOUR
    """How long a reserved position waits for instructions where no due date is named."""

    def minimum_silence(self, *, in_session: bool) -> timedelta:
        """The shortest silence that may be opened now."""
        return timedelta(seconds=self.silence_in_session if in_session else self.silence_between_meetings)
