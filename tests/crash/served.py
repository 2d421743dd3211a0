"""`accord`, which ends with whoever started it, however that ends: then its standard input ends."""

import os
import signal
from threading import Thread

from api.cli.main import main


def end_with_starter() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Thread(target=end_with_starter, daemon=True).start()
    main()
