"""Files are put where they belong, and nothing of the person's is ever overwritten by a fetch."""

from pathlib import Path

import pytest
from himalia_exchange.archive import ArchiveRefused, pack
from himalia_lab.bring import bring
from himalia_lab.folders import OutsideCourse, assignment_of, first_notebook, inside, replace

NAMES = frozenset({"tp1"})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tp1/a.ipynb", "tp1"),
        ("tp1/deep/a.ipynb", "tp1"),
        ("source/tp1/a.ipynb", "tp1"),
        ("source/a.ipynb", None),
        ("a.ipynb", None),
        ("other/a.ipynb", None),
        ("tp1", None),
        ("", None),
    ],
)
def test_a_path_names_its_assignment(path: str, expected: str | None) -> None:
    assert assignment_of(path, NAMES) == expected


@pytest.mark.parametrize("path", ["../x", "tp1/../../x", "/", ""])
def test_paths_that_climb_out_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutsideCourse):
        inside(tmp_path / "course", path)


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "link").symlink_to(tmp_path)
    with pytest.raises(OutsideCourse):
        inside(tmp_path / "course", "link/a.ipynb")


def test_the_first_notebook_is_the_nearest_in_counting_order(tmp_path: Path) -> None:
    for name in ("deep/0.ipynb", "10 end.ipynb", "2 middle.ipynb", ".ipynb_checkpoints/1.ipynb"):
        replace(tmp_path / name, b"{}")
    assert first_notebook(tmp_path) == tmp_path / "2 middle.ipynb"


def test_a_folder_without_notebooks_has_no_first(tmp_path: Path) -> None:
    assert first_notebook(tmp_path / "none") is None


def test_fetching_again_brings_only_what_is_missing(tmp_path: Path) -> None:
    release = pack({"a.ipynb": b"released", "data/x.csv": b"1"})
    bring(tmp_path / "tp1", release)
    (tmp_path / "tp1" / "a.ipynb").write_bytes(b"my work")
    (tmp_path / "tp1" / "data" / "x.csv").unlink()
    bring(tmp_path / "tp1", release)
    assert (tmp_path / "tp1" / "a.ipynb").read_bytes() == b"my work"
    assert (tmp_path / "tp1" / "data" / "x.csv").read_bytes() == b"1"


def test_a_failed_fetch_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused):
        bring(tmp_path / "tp1", b"no archive")
    assert list(tmp_path.iterdir()) == []
