"""The rules of procedure that a forum sets for itself, with their defaults."""

from datetime import timedelta
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

Seconds = Annotated[int, Meta(ge=0, le=365 * 24 * 3600)]

HOUR: Final = 3600
YEAR: Final = 365 * 24 * HOUR

SLOTS: Final = 16
PADDING_OPENS: Final = 10 * YEAR


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """Durations are whole seconds, so that they can be written down once and for all.

    A rule that came into the program later is left out of a founding that did not name it (UNSET): those that were recorded
    before it stand as they were written. What then holds never changes, either.
    """

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

    signed_positions: bool | UnsetType = UNSET
    """Whether a delegation that has a key for its acts must sign them; not, where nothing is said. One that has none is never
    kept from objecting by what it has not set up."""
    epoch_slots: Annotated[int, Meta(ge=1, le=256)] | UnsetType = UNSET
    """For how many formats an epoch has a slot, for good: whether they are there or not. 16 where nothing is said."""
    padding_opens_after: Annotated[int, Meta(ge=0, le=100 * YEAR)] | UnsetType = UNSET
    """How old an epoch is when what its unused slots held is opened to all delegations, which shows how many were used then.
    Ten years where nothing is said."""

    @property
    def asks_for_signatures(self) -> bool:
        """Whether a delegation that has a key for its acts must sign them."""
        return self.signed_positions is True

    @property
    def slots(self) -> int:
        """For how many formats an epoch has a slot."""
        return SLOTS if self.epoch_slots is UNSET else self.epoch_slots

    @property
    def padding_opens(self) -> timedelta:
        """How old an epoch is when its padding is opened."""
        return timedelta(seconds=PADDING_OPENS if self.padding_opens_after is UNSET else self.padding_opens_after)

    def minimum_silence(self, *, in_session: bool) -> timedelta:
        """The shortest silence that may be opened now."""
        return timedelta(seconds=self.silence_in_session if in_session else self.silence_between_meetings)
