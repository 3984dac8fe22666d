"""The folders of one person's server: made, owned, safe to make again."""

import dataclasses
import os
import socket
import stat
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from hub_config.spawners.place import Place, PlaceError


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, "p-aaaaaaaaaa", "intro")


def test_the_folders_are_made_and_made_again(place: Place) -> None:
    place.prepare(None)
    (place.work / "tp1.ipynb").write_text("x")
    place.prepare(None)
    assert (place.work / "tp1.ipynb").read_text() == "x"
    assert stat.S_IMODE(place.home.stat().st_mode) == stat.S_IMODE(place.work.stat().st_mode) == 0o700
    assert (place.home / "course").is_dir()


def test_a_link_in_place_of_the_course_folder_steps_aside(place: Place, tmp_path: Path) -> None:
    place.prepare(None)
    (place.home / "course").rmdir()
    (place.home / "course").symlink_to(tmp_path)
    place.prepare(None)
    assert not (place.home / "course").is_symlink()
    assert (place.home / "course.moved").readlink() == tmp_path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_files_are_given_and_what_links_lead_to_is_not(place: Place, tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    for parent in list(tmp_path.parents)[:-2]:
        parent.chmod(parent.stat().st_mode | 0o001)
    outside = tmp_path / "outside"
    outside.write_text("x")
    place.prepare(None)
    (place.work / "link").symlink_to(outside)
    (place.work / "folder").mkdir()
    (place.work / "folder" / "file").write_text("x")
    place.prepare(200_007)
    owners = {path.name: path.lstat().st_uid for path in (place.work, *place.work.rglob("*"), outside)}
    assert owners == {"work": 200_007, "link": 200_007, "folder": 200_007, "file": 200_007, "outside": 0}


def test_a_parent_that_is_closed_is_named(place: Place, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(PlaceError, match=f"{tmp_path} is closed to other users"):
        place.prepare(200_007)


def test_capitals_in_the_address_survive_being_lower_cased(tmp_path: Path) -> None:
    place = Place(tmp_path / "École", "p-aaaaaaaaaa", "intro")
    host = urlparse(place.url).hostname
    assert host is not None
    assert unquote(host) == str(place.listener)
    assert urlparse(place.url).port == 80


def test_a_server_is_reached_at_both_its_names(place: Place, tmp_path: Path) -> None:
    place = dataclasses.replace(place, state=Path(f"/tmp/hp-{os.getpid()}"))
    place.state.mkdir()
    with place.listen():
        for path in (place.listener, place.door / "s:80"):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(path))
        assert stat.S_IMODE(place.door.stat().st_mode) == 0o700
    place.forget()
    assert list(place.door.iterdir()) == []


def test_a_path_that_is_too_long_for_a_socket_is_refused_with_its_length(tmp_path: Path) -> None:
    place = Place(tmp_path / ("a" * 120), "p-aaaaaaaaaa", "intro")
    with pytest.raises(PlaceError, match="too long"):
        place.listen()


def test_two_servers_share_no_door(tmp_path: Path) -> None:
    doors = {Place(tmp_path, person, course).door for person in ("p-a", "p-b") for course in ("x", "y")}
    assert len(doors) == 4
