"""The house, as architecture.md draws it: the contracts in pyproject.toml, and what may come in from outside."""

import sys
from typing import Final

import grimp
import pytest
from importlinter.cli import lint_imports

ROOMS: Final = ("domain", "application", "infrastructure", "api")


def test_imports_point_inward() -> None:
    assert lint_imports(no_cache=True) == 0, "lint-imports says which import is not allowed"


@pytest.mark.parametrize("room", ["domain", "application"])
def test_the_inner_rooms_stand_on_the_standard_library_and_msgspec_alone(room: str) -> None:
    house = grimp.build_graph(*ROOMS, include_external_packages=True, cache_dir=None)
    ours = house.find_descendants(room) | {room}
    imported = {found.partition(".")[0] for module in ours for found in house.find_modules_directly_imported_by(module)}
    assert imported - set(sys.stdlib_module_names) - set(ROOMS) <= {"msgspec"}
