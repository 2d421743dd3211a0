"""How long the campaign is, and where it starts. `uv run poe crash --kills 50 --seed 7 --from 31`, or by the environment."""

import os
import secrets
from typing import Final

import pytest

from tests.crash.campaign import Plan, Say

OPTIONS: Final = {
    "kills": "How often a program is ended by force (10).",
    "seed": "From which everything random is drawn (a new one).",
    "from": "The number of the first kill: with the seed of a run, goes on where that run stood (1).",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("crash", "ending programs by force")
    for name, described in OPTIONS.items():
        group.addoption(f"--{name}", type=int, dest=f"crash_{name}", help=f"{described} Else ACCORD_TEST_{name.upper()}.")


@pytest.fixture
def say(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> Say:
    """Tells whoever waits for it how it goes."""

    def told(words: str) -> None:
        with capsys.disabled():
            pytestconfig.get_terminal_writer().line(words, flush=True)

    return told


@pytest.fixture
def plan(request: pytest.FixtureRequest) -> Plan:
    def said(name: str, otherwise: int) -> int:
        option = request.config.getoption(f"crash_{name}", default=None)
        return int(option or os.environ.get(f"ACCORD_TEST_{name.upper()}", otherwise))

    return Plan(seed=said("seed", secrets.randbelow(1 << 20)), first=said("from", 1), kills=said("kills", 10))
