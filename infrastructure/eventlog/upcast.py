"""From an old shape of a fact's data to the present one: stored bytes never change, so reading brings them up to date."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Data = dict[str, Any]
"""The data of a fact as its JSON says it, of any shape that it ever had."""
Upcast = Callable[[Data], Data]
"""From one shape to the next. Pure, and total over what was ever stored."""

UPCASTS: Final[Mapping[tuple[str, int], Upcast]] = {}
"""By tag and the version that it starts from. An entry stays as long as the record: for ever."""


class UnknownShapeError(Exception):
    """Stored by a later version of the program, or an upcast is missing."""


def present(tag: str, data: Data, *, stored: int, now: int, upcasts: Mapping[tuple[str, int], Upcast] = UPCASTS) -> Data:
    """The data of a fact in its present shape. Raises UnknownShapeError."""
    if stored > now:
        raise UnknownShapeError(f"{tag} was stored in shape {stored}; this program knows {now}")
    for version in range(stored, now):
        if (tag, version) not in upcasts:
            raise UnknownShapeError(f"{tag} has no upcast from shape {version}")
        data = upcasts[tag, version](data)
    return data
