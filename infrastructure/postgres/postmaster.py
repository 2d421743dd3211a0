"""What a running server is known by, and how it is stopped.

The standard library alone, since this is also a program:

    python -I -S postmaster.py LEASE CLUSTER UID GID

The reaper: each user of a server starts one, and it outlives even a kill -9 of who started it. Each user holds the lease, a
file, shared; the kernel drops that hold with the process. The reaper waits until it has the lease alone, and then stops the
server, holding on to the lease meanwhile: a new user waits until the old server is down.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

PIDFILE: Final = "postmaster.pid"
NOBODY: Final = "99999999"
"""A process id that no system gives."""
TICK: Final = 0.02
"""Seconds between two looks at a server that goes down."""


class Postmaster(NamedTuple):
    """The first process of a server: its id, and the socket on which it answers, once it has one."""

    pid: int
    socket: Path | None


def running(cluster: Path) -> Postmaster | None:
    """The server that has this data open.

    The file alone proves nothing: after a crash the id in it may be anybody's. So the process is asked for, and the
    socket, which answers even where the process cannot be seen from here (in another container).
    """
    said = _said(cluster)
    return said if said and (_serves(said.pid, cluster) or _answers(said.socket)) else None


def _said(cluster: Path) -> Postmaster | None:
    """What the server wrote down. Lines: process, data, start, port, folder of the socket, address, memory, state."""
    try:
        lines = (cluster / PIDFILE).read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    _, _, _, port, folder = [*lines, "", "", "", ""][:5]
    return Postmaster(pid, Path(folder) / f".s.PGSQL.{port}" if folder else None)


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a live postgres on this data. A zombie has no arguments."""
    program, *arguments = _arguments(pid).split("\0")
    return Path(program).name == "postgres" and os.fspath(cluster) in arguments


def _arguments(pid: int) -> str:
    """Of a process, split by NUL; of none, nothing."""
    if sys.platform == "linux":
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="surrogateescape")
        return ""
    # Without /proc the boundaries are lost; a path with a space is put together again by looking for -D.
    asked = subprocess.run(["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip().replace(" -D ", "\0-D\0", 1).replace(" -c ", "\0-c\0")


def _answers(path: Path | None) -> bool:
    if path is None:
        return False
    with socket.socket(socket.AF_UNIX) as asked, suppress(OSError):
        asked.connect(os.fspath(path))
        return True
    return False


def disown(cluster: Path) -> None:
    """Take a dead server's process id out of its file, so that whoever has that id today is left in peace.

    The file stays: by its line on shared memory the next server notices processes of a killed one that still write.
    """
    with suppress(FileNotFoundError):
        file = cluster / PIDFILE
        _, *rest = file.read_text().splitlines(keepends=True) or [""]
        file.write_text("".join((NOBODY, "\n", *rest)))


def stop(cluster: Path) -> None:
    """Fast shutdown: open transactions are rolled back, all is written. Returns once the server is down."""
    server = running(cluster)
    if server and _serves(server.pid, cluster):
        os.kill(server.pid, signal.SIGINT)
        while _serves(server.pid, cluster):
            time.sleep(TICK)


def reap(lease: str, cluster: str, uid: str, gid: str) -> None:
    """Wait until nobody holds the lease, then stop the server. Gives root's rights up first."""
    with Path(lease).open("rb") as held:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(int(gid))
            os.setuid(int(uid))
        fcntl.flock(held, fcntl.LOCK_EX)
        stop(Path(cluster))


if __name__ == "__main__":
    reap(*sys.argv[1:])
