"""The digest of a request, kept under a salt."""

from hashlib import sha256

import pytest

from application.ports import KeyReused, Receipt
from domain.identity import CommandId
from infrastructure.eventlog.repetition import Original, receipt, sealed
from tests.infrastructure.eventlog.scene import fresh

SALT, REQUEST = b"s" * 16, b"r" * 32
COMMAND = CommandId(fresh())


def original(request: bytes | None) -> Original:
    return Original(COMMAND, 7, (), None if request is None else sealed(request, SALT).hex())


def test_a_sealed_request_tells_nothing_without_the_request() -> None:
    assert sealed(REQUEST, SALT) == SALT + sha256(SALT + REQUEST).digest()
    assert sealed(REQUEST, b"t" * 16)[16:] != sealed(REQUEST, SALT)[16:]


@pytest.mark.parametrize("request_", [REQUEST, None])
def test_the_same_request_gets_the_first_answer(request_: bytes | None) -> None:
    assert receipt(original(request_), request_) == Receipt(COMMAND, 7, (), repeated=True)


@pytest.mark.parametrize(("kept", "asked"), [(REQUEST, b"x" * 32), (REQUEST, None), (None, REQUEST)])
def test_another_request_is_refused(kept: bytes | None, asked: bytes | None) -> None:
    with pytest.raises(KeyReused):
        receipt(original(kept), asked)
