"""A folder as a course: what is read of it, what publishing makes and changes, the command line around it."""

import json
import os
from pathlib import Path

import pytest

from hub_cli.main import main
from hub_config.access.roles import Role
from hub_services.courses import api, build
from hub_services.courses.folder import FolderRefused, read
from hub_services.courses.intake import Limits
from hub_services.courses.models import Environment, NewCourse
from hub_services.courses.publish import Published, PublishRefused, publish
from hub_services.courses.store import put_environment, put_in_service
from hub_services.people.api import Person, enrol
from hub_services.web.i18n import translator
from hub_services.web.platform import Platform

NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode()
FILES = {"a.ipynb": NOTEBOOK, "requirements.txt": b"polars\n"}
WISH = NewCourse("Stat L2", "fr")


def published(platform: Platform, person: Person, files: dict[str, bytes], wish: NewCourse = WISH) -> Published:
    with platform.database.begin() as connection:
        return publish(platform, connection, person, wish, files)


def test_a_new_course_is_made_and_its_environment_asked_for(platform: Platform, karim: Person) -> None:
    done = published(platform, karim, FILES)
    assert (done.is_new, done.files, done.course.slug) == (True, 2, "stat-l2")
    with platform.database.read() as connection:
        job = build.latest(platform, connection, done.course)
        assert api.materials(connection, done.course.key)
    assert job is not None
    assert job.id == done.job
    assert job.payload["requirements"] == "polars\n"


def test_the_same_list_is_not_built_again(platform: Platform, karim: Person) -> None:
    first = published(platform, karim, FILES)
    now = platform.now()
    with platform.database.begin() as connection:
        put_environment(connection, Environment("a" * 64, "polars==1\n", "3.11", {"polars": "1"}, 1, now))
        put_in_service(connection, first.course.key, "a" * 64, requirements="polars\n", by=karim.id, now=now)
    again = published(platform, karim, FILES | {"requirements.txt": b"# comment\npolars"})
    assert (again.is_new, again.job, again.course.key) == (False, None, first.course.key)
    assert published(platform, karim, FILES | {"requirements.txt": b"numpy"}).job is not None


def test_a_problem_publishes_nothing(platform: Platform, karim: Person) -> None:
    with pytest.raises(PublishRefused):
        published(platform, karim, FILES | {"b.ipynb": b"{"})
    with pytest.raises(PublishRefused):
        published(platform, karim, FILES | {"requirements.txt": b"-e ."})
    with platform.database.read() as connection:
        assert api.every_course(connection) == []


@pytest.mark.parametrize("role", [None, Role.STUDENT, Role.ASSISTANT])
def test_the_course_of_others_is_left_alone(platform: Platform, karim: Person, amina: Person, role: Role | None) -> None:
    course = published(platform, karim, FILES).course
    if role:
        with platform.database.begin() as connection:
            enrol(connection, amina.id, course.key, role, source="form", now=platform.now())
    with pytest.raises(PublishRefused) as refused:
        published(platform, amina, {"other.ipynb": NOTEBOOK})
    assert "does not teach" in refused.value.sentences[0].show(translator("en"))


def test_every_file_that_stands_against_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "good.csv").write_text("1")
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "inner" / "folder").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(2 * 1024**3)
    with pytest.raises(FolderRefused) as refused:
        read(tmp_path, Limits(file=1000, total=1000))
    told = [sentence.show(translator("en")) for sentence in refused.value.sentences]
    assert [line.split()[0] for line in told] == ["large.bin", "link", "pipe", "inner/folder"]
    assert "2048 MB" in told[0]


def test_what_is_no_part_of_a_course_is_passed_over(tmp_path: Path) -> None:
    for name in (".git/config", ".ipynb_checkpoints/a.ipynb", "a.ipynb", "course.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert read(tmp_path, Limits(file=1000, total=1000)) == {"a.ipynb": b"x"}


def test_a_course_that_was_begun_can_be_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "stat"
    assert main(["course", "new", str(folder), "--title", "Stat L2", "--language", "en"]) == 0
    assert main(["course", "check", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"good": True, "problems": [], "notes": []}
    assert main(["course", "new", str(folder)]) == 1
    assert "is not empty" in capsys.readouterr().err


def test_check_names_each_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    main(["course", "new", str(tmp_path / "stat")])
    (tmp_path / "stat" / "x.ipynb").write_text("{")
    (tmp_path / "stat" / "requirements.txt").write_text("numpy\n--index-url https://evil.example\n")
    capsys.readouterr()
    assert main(["course", "check", str(tmp_path / "stat"), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert problems[0].startswith("x.ipynb n’est pas un notebook")
    assert problems[1].startswith("Ligne 2")


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "begins one"), ("titel: X", "titel"), ("[", "cannot be read"), ("title: ''", "title"), ("", "title, language, slug")],
)
def test_a_course_file_that_is_wrong_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, says: str
) -> None:
    if text is not None:
        (tmp_path / "course.yaml").write_text(text)
    assert main(["course", "check", str(tmp_path)]) == 1
    assert says in capsys.readouterr().err


@pytest.fixture
def state(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HIMALIA_SETTINGS", raising=False)
    folder = platform.settings.state
    (folder / "run").mkdir(exist_ok=True)
    (folder / "run" / "settings.json").write_text(platform.settings.model_dump_json())
    return folder


def test_the_command_publishes(
    platform: Platform, karim: Person, state: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("course") / "stat"
    main(["course", "new", str(folder), "--title", "Stat L2"])
    capsys.readouterr()
    words = ["course", "publish", str(folder), "--teacher", "karim@example.org", "--state", str(state), "--no-wait", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["files"], told["problems"]) == (True, 2, [])
    assert told["address"] == "http://localhost:8000/courses/stat-l2"
    with platform.database.read() as connection:
        assert [course.key for course in api.every_course(connection)] == [told["course"]]


def test_the_command_needs_a_teacher_and_a_platform(
    karim: Person, state: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("course") / "stat"
    main(["course", "new", str(folder)])
    assert main(["course", "publish", str(folder), "--teacher", "nobody", "--state", str(state)]) == 1
    assert "nobody has signed in" in capsys.readouterr().err
    assert main(["course", "publish", str(folder), "--teacher", karim.id, "--state", str(folder)]) == 1
    assert "cannot be read" in capsys.readouterr().err
