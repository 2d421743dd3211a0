import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Generator[Path]:
    """A data folder of one test's own, which the server's user can reach: pytest's folders are private to ours."""
    place = Path(tempfile.mkdtemp(prefix="accord-"))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place)
