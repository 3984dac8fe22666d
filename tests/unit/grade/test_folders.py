"""Course folders and handed-in folders: nbgrader's configuration, nothing followed, nothing left out silently."""

import os
from pathlib import Path

import pytest
from himalia_grade.cli import line, pair_line
from himalia_grade.copy_files import read
from himalia_grade.course_folder import Course, CourseError
from himalia_grade.gradebook import GradebookError, opened
from himalia_grade.isolation import closed_to_others, environment, readable
from himalia_grade.models import CopyResult, Flag
from himalia_grade.warm import relative


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "nobody"))
    for student in ("amina", "boris", "chloe"):
        place = tmp_path / "submitted" / student / "ps1"
        place.mkdir(parents=True)
        (place / "p1.ipynb").write_text("{}")
    (tmp_path / "submitted" / "empty" / "ps1").mkdir(parents=True)
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    return tmp_path


def test_who_handed_in_is_found_in_order(folder: Path) -> None:
    assert [one.student for one in Course.at(folder).submitted("ps1")] == ["amina", "boris", "chloe"]
    assert [one.student for one in Course.at(folder).submitted("ps1", "boris")] == ["boris"]


def test_the_courses_configuration_is_read(folder: Path) -> None:
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.student_id_exclude = 'boris'\nc.CourseDirectory.db_url = 'sqlite:///other.db'\n"
    )
    course = Course.at(folder)
    assert [one.student for one in course.submitted("ps1")] == ["amina", "chloe"]
    assert course.database == "sqlite:///other.db"


def test_another_folder_structure_is_followed(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'\n"
    )
    place = tmp_path / "submitted" / "ps1" / "amina"
    place.mkdir(parents=True)
    (place / "p1.ipynb").write_text("{}")
    assert [one.student for one in Course.at(tmp_path).submitted("ps1")] == ["amina"]


@pytest.mark.parametrize(("assignment", "student"), [("ps2", "*"), ("ps1", "nobody")])
def test_nobody_is_an_error_that_says_where_it_looked(folder: Path, assignment: str, student: str) -> None:
    with pytest.raises(CourseError, match=f"{assignment}.*submitted"):
        Course.at(folder).submitted(assignment, student)


def test_a_configuration_that_fails_is_named(folder: Path) -> None:
    (folder / "nbgrader_config.py").write_text("c = get_config()\n1 / 0\n")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be read: division by zero"):
        Course.at(folder)


def test_a_folder_that_is_not_there_and_a_gradebook_that_is_not_there(folder: Path) -> None:
    with pytest.raises(CourseError, match="There is no folder"):
        Course.at(folder / "nowhere")
    course = Course.at(folder)
    with pytest.raises(GradebookError, match="generate_assignment ps1"), opened(course.database, "", course.config, "ps1"):
        pytest.fail("a gradebook was opened")
    assert not (folder / "gradebook.db").exists()


def test_the_teachers_files_replace_the_students_unless_excluded(folder: Path) -> None:
    source = folder / "source" / "ps1"
    (source / "data").mkdir()
    for name in ("data/a.csv", "helper.py", "p1.ipynb", "x.pyc"):
        (source / name).write_text(name)
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.Autograde.exclude_overwriting = {'ps1': ['helper.py']}\n")
    assert Course.at(folder).source_files("ps1") == {"data/a.csv": b"data/a.csv"}


def test_a_handed_in_folder_is_read_without_following_it_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    copy = tmp_path / "copy"
    (copy / "data").mkdir(parents=True)
    (copy / "__pycache__").mkdir()
    (copy / "p1.ipynb").write_text("{}")
    (copy / "data" / "inner.ipynb").write_text("{}")
    (copy / "data" / "a.csv").write_text("a")
    (copy / "__pycache__" / "x.txt").write_text("x")
    (copy / "big").write_bytes(bytes(2000))
    (copy / "link").symlink_to(secret)
    (copy / "folder").symlink_to(tmp_path)
    os.mkfifo(copy / "pipe")
    handed_in = read(copy, 1000)
    assert set(handed_in.notebooks) == {"p1"}
    assert handed_in.files == {"data/a.csv": b"a"}
    assert set(handed_in.left_out) == {"big", "link", "pipe"}


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", "a\0b", "a\\b", 3, None, "x" * 300])
def test_names_that_lead_out_are_no_names(name: object) -> None:
    assert not relative(name)


@pytest.mark.parametrize("name", ["a", "a/b.txt", "é/ü", "a b", "..a", "a..b/c"])
def test_names_inside_are_names(name: str) -> None:
    assert relative(name)


def test_copies_find_no_secret_in_their_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "secret")
    given = environment(Path("/env/bin/python"), "/home/me")
    assert "secret" not in given.values()
    assert given["PATH"].startswith("/env/bin:")
    assert given["PYTHONHASHSEED"] == "0"


def test_the_interpreter_and_what_it_rests_on_are_readable(tmp_path: Path) -> None:
    base = tmp_path / "base" / "bin"
    base.mkdir(parents=True)
    environment_folder = tmp_path / "env"
    (environment_folder / "bin").mkdir(parents=True)
    (environment_folder / "pyvenv.cfg").write_text(f"home = {base}\nversion = 3.11\n")
    assert readable(environment_folder / "bin" / "python") == [environment_folder, tmp_path / "base"]


def test_a_folder_that_others_may_not_enter_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)
    found = closed_to_others([closed / "inner"])
    assert found in (closed, *closed.parents)


def test_a_copys_line_says_what_to_look_at() -> None:
    flags = (Flag("twin-passes", "q1", "assert f(1) == 2"), Flag("limit", None, "stopped"))
    result = CopyResult("amina", 1.5, 3, flags, "p1: Cell 4 ended.", 0.25, 0.1, ())
    assert line("amina", result, as_json=False).splitlines() == [
        "amina: 1.5 of 3, 0.2 s",
        "  p1: Cell 4 ended.",
        "  look at q1: a test that was made wrong passes too: assert f(1) == 2 …",
        "  look at the copy: stopped",
    ]
    assert '"score": 1.5' in line("amina", result, as_json=True)
    assert "--force" in line("amina", None, as_json=False)
    assert pair_line("amina", "boris", 0.934, as_json=False) == "amina and boris are alike: 93% of the shorter one's answers"
    assert pair_line("amina", "boris", 0.934, as_json=True) == '{"similar": ["amina", "boris"], "share": 0.934}'
