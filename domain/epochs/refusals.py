"""What the slots refuse."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel import Refusal


@dataclass(eq=False)
class NoSlotLeft(Refusal):
    """As many formats have a slot as the forum was founded with; more slots would show that there are more formats."""

    code: ClassVar[str] = "no-slot-left"
    sentence: ClassVar[str] = "This forum was founded for at most {slots} formats: each has a slot of its own in every epoch."
    slots: int
