"""The `accord` command as an operator runs it: as a program of its own, on an embedded server of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from time import monotonic
from typing import Final

import httpx
import pytest

from infrastructure.postgres.embedded import Server

ACCORD: Final = Path(sys.executable).with_name("accord")
PATIENCE: Final = 120
ENDS_WITHIN: Final = 5
"""Seconds, with all that is open, and the database."""
README: Final = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def folder() -> Generator[Path]:
    """Where the embedded server's own user can get at it, also as root."""
    with tempfile.TemporaryDirectory(prefix="accord-cli-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("ACCORD_", "DATABASE_"))}


def accord(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [ACCORD, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment())


def words(said: str) -> str:
    """What was said, out of its box."""
    return " ".join(re.sub("[│╭╮╰╯─]", " ", said).split())


def test_the_demonstration_shows_where_things_stand_and_ends(folder: Path) -> None:
    ended = accord("demo", "--once", "--data", folder, "--tokens", folder / "tokens.json")
    assert ended.returncode == 0, ended.stderr
    assert "Demonstration data" in ended.stdout
    assert re.search(r"P25-02 .*under-silence", ended.stdout)
    assert {"head-JPN", "chair", "secretary", "auditor"} <= json.loads((folder / "tokens.json").read_text()).keys()
    assert (folder / "tokens.json").stat().st_mode & 0o077 == 0
    again = accord("demo", "--once", "--data", folder)
    assert again.returncode == 0, again.stderr
    assert not list((folder / "demo" / "postgres").rglob("postmaster.pid"))


def test_the_demonstration_serves_until_it_is_asked_to_stop(folder: Path) -> None:
    command = [ACCORD, "demo", "--data", folder, "--port", "0", "--tokens", folder / "tokens.json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment()) as demo:
        assert demo.stderr is not None
        said = next(line for line in demo.stderr if line.startswith("Serving"))
        base = said.split()[-1]
        tokens = json.loads((folder / "tokens.json").read_text())
        answer = httpx.get(f"{base}/api/proposals?needs=me", headers={"Authorization": f"Bearer {tokens['head-CHN']}"})
        assert answer.status_code == 200
        assert answer.headers["Accord-Forum"] == "demonstration"
        headers = {"Authorization": f"Bearer {tokens['auditor']}"}
        with httpx.stream("GET", f"{base}/api/stream", headers=headers, timeout=PATIENCE) as stream:
            lines = stream.iter_lines()
            assert any(line.startswith(": nothing more") for line in lines)
            demo.send_signal(signal.SIGTERM)
            asked = monotonic()
            assert [line for line in lines if line.startswith("data:")] == []
        demo.stderr.read()
        assert demo.wait(timeout=PATIENCE) == 0
        assert monotonic() - asked < ENDS_WITHIN
    assert not list((folder / "demo" / "postgres").rglob("postmaster.pid"))


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = accord("demo", "--data", folder, "--port", str(port))
    assert ended.returncode == 1
    assert f"Port {port} is taken" in words(ended.stderr)


def test_serving_a_database_without_a_forum_ends_with_a_sentence(folder: Path) -> None:
    ended = accord("serve", "--data", folder, "--port", "0")
    assert ended.returncode == 1
    assert "No forum is founded here yet" in words(ended.stderr)


def test_a_forum_is_founded_once_and_tokens_are_made_listed_and_revoked(folder: Path) -> None:
    (described,) = re.findall(r"```toml\n(.*?)```", README.read_text(), re.DOTALL)
    (folder / "forum.toml").write_text(described)
    founded = accord("init", folder / "forum.toml", "--data", folder)
    assert founded.stdout.startswith("acc_"), founded.stderr
    again = accord("init", folder / "forum.toml", "--data", folder)
    assert "one deployment serves one forum" in words(again.stderr)
    nobody = "00000000-0000-4000-8000-000000000000"
    unknown = accord("token", "create", "--person", nobody, "--data", folder)
    assert (unknown.returncode, unknown.stdout) == (1, "")


def test_a_view_is_built_anew_and_that_it_was_swapped_is_said(folder: Path) -> None:
    (described,) = re.findall(r"```toml\n(.*?)```", README.read_text(), re.DOTALL)
    (folder / "forum.toml").write_text(described)
    assert accord("init", folder / "forum.toml", "--data", folder).returncode == 0
    ended = accord("projections", "rebuild", "proposals", "--data", folder)
    assert ended.returncode == 0, ended.stderr
    assert re.search(r"Swapped at position [1-9]\d*: readers see the new view\.", ended.stderr)
    listed = accord("projections", "list", "--data", folder)
    assert re.search(r"proposals {2}at [1-9]\d*, 0 behind", listed.stdout)
    unknown = accord("projections", "rebuild", "unheard", "--data", folder)
    assert (unknown.returncode, words(unknown.stderr)) == (1, "Error There is no view unheard.")


def test_what_is_wrong_with_a_file_is_said(folder: Path) -> None:
    (folder / "forum.toml").write_text('name = { en = "X" }\nhost = 5\n')
    ended = accord("init", folder / "forum.toml", "--data", folder)
    assert ended.returncode == 1
    assert "host" in words(ended.stderr)


@pytest.mark.campaign
def test_the_tour_of_the_readme_ends_in_an_adoption(folder: Path) -> None:
    tour = README.read_text().partition("## Your own forum")[2].partition("## A century")[0]
    (described,) = re.findall(r"```toml\n(.*?)```", tour, re.DOTALL)
    (folder / "forum.toml").write_text(described)
    script = "\n".join(re.findall(r"```sh\n(.*?)```", tour, re.DOTALL)).replace("uv run accord", str(ACCORD))
    script = script.replace("--data ./data &\nexport", "--data ./data &\nsleep 8\nexport") + "\nkill %%; wait\n"
    ended = subprocess.run(
        ["bash", "-c", f"set -m\n{script}"],
        cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment(),
    )  # fmt: skip
    assert '"status":"adopted"' in ended.stdout, ended.stderr
    assert '"status":"under-silence"' in ended.stdout
    assert '"type":"proposal.silence-ended"' in ended.stdout


@pytest.mark.campaign
def test_what_the_readme_says_of_back_up_restores_the_forum_three_times(folder: Path) -> None:
    said = (README.parent / "infrastructure" / "postgres" / "README.md").read_text().partition("## Back-up and restore")[2]
    own_file, own_server, whole = re.findall(r"```sh\n(.*?)```", said, re.DOTALL)
    (described,) = re.findall(r"```toml\n(.*?)```", README.read_text(), re.DOTALL)
    (folder / "forum.toml").write_text(described)
    assert accord("init", folder / "forum.toml", "--data", folder / "data").returncode == 0
    with Server(folder / "data") as server:
        postgres, source = server.database("postgres"), server.database()
        programs = (server.cluster / "postmaster.opts").read_text().split()[0]
        addresses = {
            "ADMIN_URL": postgres.superuser_url,
            "DATABASE_URL": source.owner_url,
            "RESTORED_URL": server.database("restored").owner_url,
            "PATH": f"{ACCORD.parent}:{Path(programs).parent}:{os.environ['PATH']}",
        }
        served = "until accord projections list --data ./restored | grep -q '^proposals .* 0 behind'; do :; done\n"
        filled = own_file.replace("accord projections", f"{served}accord projections")
        first = shell(folder, f"{filled}kill %1; wait\n", {"PATH": addresses["PATH"]})
        assert re.search(r"^proposals  at \d+, 0 behind$", first.stdout, re.MULTILINE), first.stderr
        assert "Restored 1" in first.stderr
        second = shell(folder, own_server, addresses)
        assert "Restored 1" in second.stderr
        third = shell(folder, whole, {"PATH": f"{ACCORD.parent}:{os.environ['PATH']}"})
        assert re.search(r"^proposals  at \d+, \d+ behind$", third.stdout, re.MULTILINE), third.stderr


def shell(folder: Path, script: str, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A block of a README, of which each line must succeed."""
    return subprocess.run(
        ["bash", "-c", f"set -emo pipefail\n{script}"],
        cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=True, env=environment() | more,
    )  # fmt: skip
