"""Folders that are whole or not there, made once and taken as hard links."""

from pathlib import Path

import pytest

from hub_cli.one_machine import shelf

STAMPS = [f"{number:016x}" for number in range(shelf.KEPT + 3)]


def with_file(folder: Path, to_be: Path) -> None:
    folder.mkdir()
    (folder / "path").write_text(str(to_be))
    (folder / "link").symlink_to("path")


def not_twice(folder: Path, to_be: Path) -> None:
    pytest.fail("it is on the shelf")


def broken(folder: Path, to_be: Path) -> None:
    folder.mkdir()
    raise ConnectionError


def test_a_folder_is_made_under_the_name_that_it_will_have(tmp_path: Path) -> None:
    shelf.make(tmp_path / "server", "s", with_file)
    assert (tmp_path / "server/path").read_text() == str(tmp_path / "server")
    assert shelf.stamp_of(tmp_path / "server") == "s"


def test_what_was_there_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    final = tmp_path / "server"
    shelf.make(final, "old", with_file)
    with pytest.raises(ConnectionError):
        shelf.make(final, "new", broken)
    assert shelf.stamp_of(final) == "old"
    shelf.make(final, "new", with_file)
    assert shelf.stamp_of(final) == "new"


def test_a_shelf_makes_once_and_gives_hard_links(tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "bare", tmp_path / "two" / "bare"
    for folder in (one, two):
        folder.parent.mkdir()
    shelf.take(tmp_path / "shelf", one, STAMPS[0], with_file)
    shelf.take(tmp_path / "shelf", two, STAMPS[0], not_twice)
    assert (one / "path").samefile(two / "path")
    assert (two / "link").is_symlink()
    assert shelf.stamp_of(two) == STAMPS[0]


def test_a_shelf_keeps_the_newest(tmp_path: Path) -> None:
    for stamp in STAMPS:
        shelf.take(tmp_path / "shelf", tmp_path / "bare", stamp, with_file)
    left = {path.name for path in (tmp_path / "shelf").iterdir() if path.is_dir()}
    assert left == {f"bare-{stamp}" for stamp in STAMPS[-shelf.KEPT :]}
    assert shelf.stamp_of(tmp_path / "bare") == STAMPS[-1]


def test_another_file_system_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("cross-device link")

    monkeypatch.setattr("os.link", refuse)
    shelf.take(tmp_path / "shelf", tmp_path / "bare", STAMPS[0], with_file)
    assert (tmp_path / "bare/path").exists()
    assert not (tmp_path / "bare/path").samefile(tmp_path / f"shelf/bare-{STAMPS[0]}/path")
