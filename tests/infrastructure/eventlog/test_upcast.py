"""Old shapes of data are brought up to the present one, step by step."""

import pytest

from infrastructure.eventlog.upcast import Data, UnknownShapeError, present


def named(data: Data) -> Data:
    return {"name": data["title"]}


def translated(data: Data) -> Data:
    return {"names": {"en": data["name"]}}


UPCASTS = {("test.held", 1): named, ("test.held", 2): translated}


@pytest.mark.parametrize(
    ("stored", "data"), [(1, {"title": "Summit"}), (2, {"name": "Summit"}), (3, {"names": {"en": "Summit"}})]
)
def test_each_old_shape_becomes_the_present_one(stored: int, data: Data) -> None:
    assert present("test.held", data, stored=stored, now=3, upcasts=UPCASTS) == {"names": {"en": "Summit"}}


def test_a_shape_of_the_future_is_not_guessed_at() -> None:
    with pytest.raises(UnknownShapeError, match=r"test\.held was stored in shape 4; this program knows 3"):
        present("test.held", {}, stored=4, now=3, upcasts=UPCASTS)


def test_a_missing_step_is_named() -> None:
    with pytest.raises(UnknownShapeError, match=r"test\.held has no upcast from shape 3"):
        present("test.held", {"title": "Summit"}, stored=1, now=4, upcasts=UPCASTS)
