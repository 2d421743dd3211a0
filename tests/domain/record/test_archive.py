"""The canonical zip: what others unpack, in one spelling."""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record.archive import NotCanonical, parsed, written

NAMES = st.text("abcdefghij/.0123456789", min_size=1, max_size=12)
FILES = st.lists(st.tuples(NAMES, st.binary(max_size=50)), max_size=6, unique_by=lambda file: file[0])


@given(FILES)
def test_others_find_in_it_just_the_files_that_were_put_in(files: list[tuple[str, bytes]]) -> None:
    with ZipFile(BytesIO(written(files))) as zipped:
        assert zipped.testzip() is None
        assert [(one.filename, zipped.read(one)) for one in zipped.infolist()] == files
        assert all(one.compress_type == ZIP_STORED and one.date_time == (1980, 1, 1, 0, 0, 0) for one in zipped.infolist())


@given(FILES)
def test_it_is_read_as_it_was_written(files: list[tuple[str, bytes]]) -> None:
    archive = parsed(written(files))
    assert [(name, archive[name]) for name in archive.names] == files
    assert all(b"".join(archive.lines(name)) == content == bytes(archive.view(name)) for name, content in files)


@given(FILES, st.data())
def test_each_changed_byte_is_refused(files: list[tuple[str, bytes]], data: st.DataObject) -> None:
    content = bytearray(written(files))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NotCanonical):
        parsed(bytes(content))


@given(FILES, st.binary(min_size=1, max_size=5))
def test_nothing_stands_before_or_after(files: list[tuple[str, bytes]], more: bytes) -> None:
    for content in (more + written(files), written(files) + more, written(files)[:-1]):
        with pytest.raises(NotCanonical):
            parsed(content)


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(NotCanonical, match="two files"):
        parsed(written([("a", b"1"), ("a", b"2")]))


def test_the_same_files_from_another_program_are_refused() -> None:
    other = BytesIO()
    with ZipFile(other, "w") as zipped:
        zipped.writestr("policy", b"quorum none\n")
    with pytest.raises(NotCanonical):
        parsed(other.getvalue())
