"""Every package at one version: the direct ones where they are named, the rest as constraints that this program writes.

uv.lock does the same, but names the hosts that it was made from, so it stays out of the repository.

    uv run poe pin        resolves all anew, within what the direct pins allow, and writes the constraints
"""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PROJECT: Final = ROOT / "pyproject.toml"
LOCK: Final = ROOT / "uv.lock"
BLOCK: Final = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
PIN: Final = re.compile(r"(?P<name>[\w.-]+)(\[[\w,.-]+\])?==(?P<version>[^\s;]+)(?P<marker> ; .*)?")


def main() -> None:
    before = PROJECT.read_text()
    try:
        PROJECT.write_text(with_constraints(before, ()))
        subprocess.run([os.environ.get("UV", "uv"), "lock", "--upgrade", "--quiet"], cwd=ROOT, check=True)
        PROJECT.write_text(with_constraints(before, indirect(tomllib.loads(LOCK.read_text()), set(direct()))))
    except BaseException:
        PROJECT.write_text(before)
        raise


def with_constraints(project: str, pins: Iterable[str]) -> str:
    """The project file with these constraints and no others."""
    block = "".join(("constraint-dependencies = [\n", *(f'    "{pin}",\n' for pin in pins), "]\n"))
    written, count = BLOCK.subn(lambda _: block, project)
    assert count == 1, "[tool.uv] has one list of constraint-dependencies"
    return written


def indirect(lock: dict[str, Any], known: set[str]) -> Iterator[str]:
    """What the lock resolves, for every system and Python that it is for, beside the project and the direct ones.

    Where it takes several versions of one package, each with the marker under which it does.
    """
    for package in lock["package"]:
        if "registry" in package["source"] and package["name"] not in known:
            where = " or ".join(f"({marker})" for marker in package.get("resolution-markers", ()))
            yield f"{package['name']}=={package['version']}" + (f" ; {where}" if where else "")


def direct() -> dict[str, str]:
    """The version of each package that the project itself names."""
    project = tomllib.loads(PROJECT.read_text())
    named = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    return dict(
        pinned(requirement)
        for group in (*named, *project["project"]["optional-dependencies"].values())
        for requirement in group
    )


def constraints() -> dict[str, set[str]]:
    """The versions of each other package."""
    versions: dict[str, set[str]] = {}
    for constraint in tomllib.loads(PROJECT.read_text())["tool"]["uv"]["constraint-dependencies"]:
        name, version = pinned(constraint)
        versions.setdefault(name, set()).add(version)
    return versions


def pinned(requirement: str) -> tuple[str, str]:
    """Name and version of a requirement, which must give one."""
    match = PIN.fullmatch(requirement)
    assert match, f"{requirement} is not pinned"
    return normal(match["name"]), match["version"]


def installed() -> dict[str, str]:
    return {normal(found.metadata["Name"]): found.version for found in distributions()}


def normal(name: str) -> str:
    """A package's name as all indexes know it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
