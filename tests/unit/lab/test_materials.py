"""The course's own files in a person's folder: what is brought, what is left alone."""

from pathlib import Path

import pytest
from himalia_lab.materials import lay_out


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "course").mkdir()
    return tmp_path / "course"


def test_new_files_appear(root: Path, tmp_path: Path) -> None:
    assert lay_out({"a.csv": b"1", "data/b.csv": b"2"}, root, tmp_path / "home", "one") == ["a.csv", "data/b.csv"]
    assert (root / "data/b.csv").read_bytes() == b"2"


def test_an_untouched_file_follows_the_teacher(root: Path, tmp_path: Path) -> None:
    lay_out({"a.csv": b"1"}, root, tmp_path / "home", "one")
    assert lay_out({"a.csv": b"2"}, root, tmp_path / "home", "two") == ["a.csv"]
    assert (root / "a.csv").read_bytes() == b"2"


def test_what_the_person_changed_or_removed_stays_so(root: Path, tmp_path: Path) -> None:
    lay_out({"mine.ipynb": b"1", "gone.csv": b"1"}, root, tmp_path / "home", "one")
    (root / "mine.ipynb").write_bytes(b"my work")
    (root / "gone.csv").unlink()
    assert lay_out({"mine.ipynb": b"2", "gone.csv": b"2"}, root, tmp_path / "home", "two") == []
    assert (root / "mine.ipynb").read_bytes() == b"my work"
    assert not (root / "gone.csv").exists()


def test_a_file_that_was_there_before_the_course_s_is_the_person_s(root: Path, tmp_path: Path) -> None:
    (root / "a.csv").write_bytes(b"my own")
    assert lay_out({"a.csv": b"1"}, root, tmp_path / "home", "one") == []
    assert lay_out({"a.csv": b"2"}, root, tmp_path / "home", "two") == []
    assert (root / "a.csv").read_bytes() == b"my own"


def test_a_torn_record_is_as_none(root: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "materials.json").write_bytes(b"{")
    assert lay_out({"a.csv": b"1"}, root, tmp_path / "home", "one") == ["a.csv"]
