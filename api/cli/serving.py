"""`accord serve`."""

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

import click
import uvicorn

from api.cli.common import collect_seldom, data_option, fail, run, say, settings
from api.compose import Addresses, announcing, bring_up_to_date, database, opened, reacting, refuse_privileged, signing
from api.http.app import application
from api.settings import Settings
from application.accord import Accord

GRACE_SECONDS = 3
"""How long open requests may take to end once the program is asked to stop."""

UNTAKEN_SECONDS = 30
"""How long the system keeps a connection whose other end takes nothing of what waits for it."""


@click.command()
@data_option
@click.option("--host", help="The address to listen on; else ACCORD_HOST, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; else ACCORD_PORT, else 8000. 0 takes a free one.")
def serve(data: Path | None, host: str | None, port: int | None) -> None:
    """Serve the forum over HTTP until asked to stop."""
    chosen = settings()
    listener = listen(host or chosen.host, chosen.port if port is None else port)
    with database(chosen, data, say) as addresses:
        bring_up_to_date(addresses)
        refuse_privileged(addresses)
        run(serve_on(listener, addresses, chosen, data))


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. A port that is taken ends the program with a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # so named, an answer never waits for more to send
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sys.platform == "linux":  # elsewhere the system has a time of its own, of minutes
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_SECONDS * 1000)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            fail(f"Port {port} is taken; name another with --port.")
        raise
    return listener


async def serve_on(listener: socket.socket, addresses: Addresses, chosen: Settings, data: Path | None) -> None:
    """Serve until asked to stop."""
    async with (
        signing(chosen, data) as signer,
        opened(addresses, chosen, signer=signer) as house,
        reacting(house, epoch=timedelta(seconds=chosen.epoch)),
        announcing(house),
    ):
        await serve_house(listener, house)


async def serve_house(listener: socket.socket, house: Accord) -> None:
    """Serve what is open until asked to stop."""
    config = uvicorn.Config(
        application(house),
        access_log=False,
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )
    bound, port, *_ = listener.getsockname()
    founded = house.directory.forum().founded
    kind = "" if founded.kind == "regular" else f" ({founded.kind})"
    say(f"Serving {founded.host}{kind} on http://{bound}:{port}")
    collect_seldom()
    await _Server(config, house.listeners.close).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that only stops serving when it is asked to: the database is closed after it, so the signal must not end all."""

    def __init__(self, config: uvicorn.Config, farewell: Callable[[], None]) -> None:
        super().__init__(config)
        self._farewell = farewell

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Also end what would not end by itself."""
        self._farewell()
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Unlike uvicorn's, it does not raise the signal again afterwards."""
        loop = asyncio.get_running_loop()
        for asked in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(asked, self.handle_exit, asked, None)
        try:
            yield
        finally:
            for asked in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(asked)
