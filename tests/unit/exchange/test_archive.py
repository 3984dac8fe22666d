"""The archive: the same files give the same bytes, and nothing doubtful comes out of one."""

import contextlib
import hashlib
import io
import os
import stat
import warnings
import zipfile
from pathlib import Path

import pytest
from himalia_exchange.archive import ArchiveRefused, Limits, lay_out, measure, pack, unpack
from hypothesis import given
from hypothesis import strategies as st

FILES = {"tp1.ipynb": b'{"cells": []}', "data/answers.csv": b"a;b\n", "data/figure.png": os.urandom(2000)}
SMALL = Limits(total_bytes=10_000, file_bytes=5_000, files=5, path_bytes=100)


def made(*entries: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644) -> bytes:
    """A zip as an attacker would write it: no name is checked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def refused(data: bytes, limits: Limits = SMALL) -> str:
    with pytest.raises(ArchiveRefused) as caught:
        unpack(data, limits)
    with pytest.raises(ArchiveRefused):
        measure(data, limits)
    return caught.value.reason


def test_what_is_packed_comes_out() -> None:
    assert unpack(pack(FILES)) == FILES
    assert measure(pack(FILES)) == {name: len(content) for name, content in FILES.items()}


def test_order_and_dates_do_not_count(tmp_path: Path) -> None:
    lay_out(FILES, tmp_path)
    first = pack(tmp_path)
    os.utime(tmp_path / "tp1.ipynb", (1, 1))
    (tmp_path / "tp1.ipynb").chmod(0o600)
    assert pack(tmp_path) == first == pack(dict(reversed(FILES.items())))


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}\.ipynb", fullmatch=True), st.binary(max_size=200), max_size=5))
def test_any_files_come_back(files: dict[str, bytes]) -> None:
    assert unpack(pack(files)) == files
    assert hashlib.sha256(pack(files)).digest() == hashlib.sha256(pack(dict(sorted(files.items())))).digest()


def test_an_empty_archive_is_an_archive() -> None:
    assert unpack(pack({})) == {}


def test_leftovers_are_not_packed(tmp_path: Path) -> None:
    lay_out({"a.ipynb": b"1", ".ipynb_checkpoints/a.ipynb": b"0", "__pycache__/x.pyc": b"0", "m.pyc": b"0"}, tmp_path)
    assert unpack(pack(tmp_path)) == {"a.ipynb": b"1"}


@pytest.mark.parametrize("target", ["/etc/passwd", "elsewhere", "."])
def test_a_link_in_a_folder_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(ArchiveRefused, match="link"):
        pack(tmp_path)


def test_a_pipe_in_a_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ArchiveRefused, match="special"):
        pack(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "a/../../b",
        "/etc/passwd",
        "a//b",
        "./a",
        "a/.",
        "..",
        "a\\..\\b",
        "C:\\a",
        "a\nb",
        "a\x1b[2Jb",
        "../",
        "/a/",
    ],
)
def test_a_name_that_leaves_the_folder_is_refused(name: str) -> None:
    assert refused(made((name, b"x"))) == "path"


def test_a_link_inside_is_refused() -> None:
    assert refused(made(("link", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777)) == "link"


def test_a_device_inside_is_refused() -> None:
    assert refused(made(("tty", b""), mode=stat.S_IFCHR | 0o666)) == "special"


def test_the_same_name_twice_is_refused() -> None:
    assert refused(made(("a", b"1"), ("a", b"2"))) == "duplicate"


@pytest.mark.parametrize("pair", [("A.ipynb", "a.ipynb"), ("é", "e\u0301"), ("a", "a/b"), ("Data/x", "data")])
def test_names_that_some_systems_confuse_are_refused(pair: tuple[str, str]) -> None:
    assert refused(made((pair[0], b"1"), (pair[1], b"2"))) == "case-clash"


def test_a_bomb_is_refused() -> None:
    assert refused(made(("bomb", bytes(20_000_000)))) == "too-large"


def test_many_small_ones_that_add_up_are_refused() -> None:
    assert refused(made(*((f"f{i}", bytes(4_000)) for i in range(4)))) == "too-large"


def test_a_false_size_is_refused() -> None:
    data = bytearray(made(("a", bytes(4_000))))
    declared = (4_000).to_bytes(4, "little")
    at = data.rindex(declared)
    data[at : at + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(data)) == "damaged"


def test_too_many_files_are_refused() -> None:
    assert refused(made(*((f"f{i}", b"") for i in range(6)))) == "too-many"


def test_a_huge_table_of_contents_is_refused_unread() -> None:
    assert refused(made(*((f"f{i:050}", b"") for i in range(300)))) == "too-many"


def test_a_table_of_contents_elsewhere_is_refused() -> None:
    plain = made(("a", b"1"))
    end = plain.rindex(b"PK\x05\x06")
    assert refused(plain[:end] + b"PK\x06\x07" + bytes(16) + plain[end:]) == "not-zip"


@pytest.mark.parametrize("name", ["n" * 101, "d/" * 60 + "n"])
def test_a_long_name_is_refused(name: str) -> None:
    assert refused(made((name, b""))) == "long-name"


def test_what_is_no_zip_is_refused() -> None:
    assert {refused(data) for data in (b"", b"PK", b"hello" * 100, b"PK\x05\x06" + bytes(17))} == {"not-zip"}


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_cut_archive_is_refused(cut: int) -> None:
    assert refused(pack(FILES)[:-cut]) in {"not-zip", "damaged"}


def test_a_changed_byte_is_noticed() -> None:
    data = bytearray(pack({"a.bin": os.urandom(3_000)}))
    data[500] ^= 1
    assert refused(bytes(data)) == "damaged"


def test_two_hundred_megabytes_are_refused_by_the_default_limits() -> None:
    assert refused(made(("a.csv", bytes(200 * 1024 * 1024))), Limits()) == "too-large"


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    data = bytearray(made(("é", b"1")))
    at = data.index("é".encode())
    data[at] = 0xFF  # in the file's own header alone: the table of contents is whole
    assert refused(bytes(data)) == "damaged"
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.py")).write_bytes(b"1")
    with pytest.raises(ArchiveRefused, match=r"path: \\udcff\.py"):
        pack(tmp_path)


def test_a_file_without_a_name_is_refused() -> None:
    data = bytearray(made(("a", b"1")))
    at = data.index(b"PK\x01\x02")
    data[at + 28 : at + 30] = bytes(2)  # the length of its name
    del data[at + 46]
    end = data.rindex(b"PK\x05\x06")
    data[end + 12] -= 1
    assert refused(bytes(data)) == "path"


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(made(("a", b"1")))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(bytes(data)) == "encrypted"


def test_missing_files_only_are_replaced_when_asked(tmp_path: Path) -> None:
    lay_out({"a": b"mine"}, tmp_path)
    written = lay_out({"a": b"theirs", "sub/b": b"new"}, tmp_path, replace=False)
    assert written == [tmp_path / "sub/b"]
    assert (tmp_path / "a").read_bytes() == b"mine"


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, 60))
def test_a_spoilt_archive_is_taken_or_refused_and_nothing_else(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(pack({"tp1.ipynb": b'{"cells": []}' * 20, "data/a.csv": b"a;b\n" * 5, "p.png": b"\x89PNG"}))
    for at, value in changes:
        data[at % len(data)] = value
    spoilt = bytes(data[: len(data) - cut])
    try:
        files = unpack(spoilt, SMALL)
    except ArchiveRefused:
        return
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in files)
    assert sum(map(len, files.values())) <= SMALL.total_bytes


@given(st.binary(max_size=400))
def test_any_bytes_are_taken_or_refused(data: bytes) -> None:
    with contextlib.suppress(ArchiveRefused):
        unpack(data, SMALL)
    with pytest.raises(ArchiveRefused):
        unpack(data + b"PK\x05\x06", SMALL)
