"""Who may, beside the capacities in which one acts (`application.access`)."""

from typing import Final

EVERYONE: Final = ("anyone",)
MYSELF: Final = ("whoever has a token",)
