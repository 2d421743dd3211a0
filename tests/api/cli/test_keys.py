"""`accord key` and `accord sign`: a delegate signs on a machine apart, and sends the signature with any client."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from click import ClickException

from api.cli.client import Answered
from tests.api.cli.calling import ACCORD, Ended, called, clean, ended
from tests.api.scene import Room, tabled

pytestmark = pytest.mark.anyio


def run(*words: str | Path) -> CompletedProcess[str]:
    return subprocess.run([ACCORD, *words], input="{}", capture_output=True, text=True, check=False, env=clean())


def value(said: str, name: str) -> str:
    (found,) = (line.split()[1] for line in said.splitlines() if line.startswith(f"{name} "))
    return found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Japan's, which each test registers in a forum of its own."""
    path = tmp_path_factory.mktemp("key") / "japan.pem"
    made = run("key", "init", path)
    assert made.returncode == 0, made.stderr
    return path


async def signed(file: Path, *more: str | Path) -> Ended:
    return await ended([ACCORD, "sign", file, *more])


async def written(at: Room, folder: Path, act: str = "object") -> tuple[str, Path, Path]:
    """A proposal, an act on it to be signed, and its words: as files."""
    proposal = await tabled(at)
    what, words = folder / "act.json", folder / "words.json"
    what.write_text((await at.get(f"/api/proposals/{proposal}/to-sign?act={act}", "head-JPN")).text)
    words.write_text((await at.get(f"/api/proposals/{proposal}", "head-JPN")).text)
    return proposal, what, words


def test_a_private_key_is_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "japan.pem"
    assert run("key", "init", file).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    again = run("key", "init", file)
    assert (again.returncode, file.read_bytes()) == (ClickException.exit_code, before)
    assert "never written over" in again.stderr
    file.chmod(0o644)
    readable = run("sign", file)
    assert (readable.returncode, readable.stdout) == (ClickException.exit_code, "")


async def test_a_head_registers_lists_and_ends_a_key(at: Room, file: Path) -> None:
    registered = await called(at, "key", "register", str(file), role="head-JPN")
    assert registered.exit_code == 0, registered.stderr
    identity = value(registered.stdout, "id")
    (shown,) = (await at.read("/api/delegations/JPN/keys", "head-CHN"))["items"]
    assert (shown["id"], shown["public"], shown["purpose"]) == (identity, value(registered.stdout, "public"), "acts")
    twice = await called(at, "key", "register", str(file), "--purpose", "witness", role="head-JPN")
    assert twice.exit_code == Answered.exit_code
    listed = await called(at, "key", "list")
    assert listed.stdout.splitlines()[0].startswith(f"JPN acts    ed25519   {identity}  since 2026-03-02 12:00:")
    over = await called(at, "key", "end", identity, role="head-JPN")
    assert over.stdout == f"{identity} has ended.\n", over.stderr
    assert ", ended 2026-03-02 12:00:" in (await called(at, "key", "list", "--delegation", "JPN")).stdout


async def test_who_heads_no_delegation_names_one_and_is_refused(at: Room, file: Path) -> None:
    unnamed = await called(at, "key", "register", str(file), role="adviser-JPN")
    assert (unnamed.exit_code, "no delegation" in unnamed.stderr) == (Answered.exit_code, True)
    named = await called(at, "key", "register", str(file), "--delegation", "JPN", role="adviser-JPN")
    assert (named.exit_code, "This act is for: head" in named.stderr) == (Answered.exit_code, True)


async def test_what_is_signed_apart_is_accepted_with_any_client(at: Room, file: Path, tmp_path: Path) -> None:
    at.turn(to=datetime.now(UTC))
    assert (await called(at, "key", "register", str(file), role="head-JPN")).exit_code == 0
    proposal, act, words = await written(at, tmp_path)
    made = await signed(file, act, "--words", words)
    assert made.exit_code == 0, made.stderr
    assert f"JPN signs: object, revision 0 of proposal {proposal} in apc.example" in " ".join(made.stderr.split())
    signature: dict[str, Any] = json.loads(made.stdout)
    said = {"revision": 0, "undisclosed": True, "signature": signature}
    await at.done(f"/api/proposals/{proposal}/objections", "head-JPN", said)
    (held,) = [
        one for one in (await at.read(f"/api/proposals/{proposal}", "head-CHN"))["positions"] if one["delegation"] == "JPN"
    ]
    assert held["signature"].split()[3:] == [signature["nonce"], signature["value"]]


async def test_nothing_is_signed_where_the_words_are_others(at: Room, file: Path, tmp_path: Path) -> None:
    _, act, words = await written(at, tmp_path)
    words.write_text(words.read_text().replace("within two hours", "within three hours"))
    made = await signed(file, act, "--words", words)
    assert (made.exit_code, made.stdout) == (ClickException.exit_code, "")
    assert "nothing is signed" in made.stderr


async def test_nothing_is_signed_that_is_no_act(file: Path, tmp_path: Path) -> None:
    (tmp_path / "act.json").write_text('{"act": "take"}')
    made = await signed(file, tmp_path / "act.json")
    assert (made.exit_code, made.stdout) == (ClickException.exit_code, "")
