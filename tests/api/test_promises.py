"""What the document promises, the program keeps: requests of all kinds are made up from it, and each answer held against it."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Final

import anyio.to_thread
import pytest

from tests.api.scene import TEXT, Room, served, tabled

pytestmark = [pytest.mark.anyio, pytest.mark.campaign]

SETTINGS: Final = """
seed = 1
continue-on-failure = true
request-timeout = 10
{who}
{names}
[generation]
max-examples = 5
deterministic = true
database = "none"
no-shrink = true

[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 503]

# The form of a value is not all that is asked of it: which languages there are, and what goes together, no document says.
[checks.positive_data_acceptance]
enabled = false

# A stranger to a thing gets 404, and what cannot be read is 400 before anybody asks who speaks: test_contract.py asks for both.
[checks.ignored_auth]
enabled = false
[checks.missing_required_header]
enabled = false

# A record deletes nothing: what was dropped says so.
[checks.use_after_free]
enabled = false

# A listener is never done.
[[operations]]
include-path = "/api/stream"
enabled = false
"""

SECONDS: Final = 600
"""How long one role may take."""


PHASES: Final = {
    "head-KOR": "examples,coverage,fuzzing,stateful",  # coverage asks for each bound of each member: once is enough, and is long
    "secretary": "examples,fuzzing,stateful",
    "chair": "examples,fuzzing,stateful",
    None: "examples,fuzzing",
}


@pytest.mark.parametrize("role", PHASES)
async def test_whatever_is_asked_by_the_document_is_answered_by_it(at: Room, role: str | None, tmp_path: Path) -> None:
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(_settings(await _known(at), None if role is None else at.roles[role]))
    async with served(at.house) as port:
        run = await anyio.to_thread.run_sync(partial(_run, settings, f"http://127.0.0.1:{port}", PHASES[role]))
    assert run.returncode == 0, run.stdout


def _run(settings: Path, address: str, phases: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("st")
    return subprocess.run(
        [program, "--config-file", settings, "run", f"{address}/api/openapi.json", "--no-color", "--phases", phases],
        cwd=settings.parent,
        timeout=SECONDS,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


async def _known(at: Room) -> dict[str, list[str]]:
    """Names of things that are there, without which few requests would come further than to 404."""
    proposals = [await tabled(at) for _ in range(2)]
    draft = {"kind": "crisis-management-mechanism", "format": "plenary", "edition": "2026", "master": "en", "provisions": TEXT}
    drafts = [(await at.done("/api/drafts", role, draft))["id"] for role in ("head-KOR", "head-JPN")]
    books = [str(book) for book in at.house.directory.all_books()]
    return {
        "proposal": proposals,
        "draft": drafts,
        "book": books,
        "person": list(at.people.values()),
        "code": ["JPN", "KOR", "2026"],
        "format_code": ["plenary"],
    }


def _settings(known: dict[str, list[str]], token: str | None) -> str:
    who = "" if token is None else f'headers = {{ Authorization = "Bearer {token}" }}'
    names = "".join(
        f"""
[dictionaries.{name}]
values = {json.dumps(values)}
[parameters."path.{name}"]
dictionary = "{name}"
probability = 0.7
"""
        for name, values in known.items()
    )
    return SETTINGS.format(who=who, names=names)
