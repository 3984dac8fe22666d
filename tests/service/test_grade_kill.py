"""The command killed in the middle: nothing runs on, nothing is lost, nothing counts twice."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.service.grade_course import BIN, ENVIRONMENT, FILES, CourseFolder

COPIES = 6


def command(course: CourseFolder, *words: str) -> list[str]:
    return [str(BIN / "himalia-grade"), str(course.path), "ps1", "--json", "--workers", "2", *words]


def course_of(folder: Path) -> CourseFolder:
    """Copies of which one does not end."""
    course = CourseFolder(folder)
    course.configure("c.Execute.timeout = 20")
    course.prepare({"ps1": {"p1": FILES / "submitted-unchanged.ipynb"}})
    for number in range(COPIES):
        course.put(FILES / "submitted-changed.ipynb", "submitted", f"student{number}", "ps1", "p1.ipynb")
    endless = json.loads((FILES / "submitted-changed.ipynb").read_text())
    first = next(cell for cell in endless["cells"] if cell["cell_type"] == "code")
    first["source"] = "import os\nos.system('sleep 864213 &')\nwhile True:\n    pass"
    place = course.path / "submitted" / "student3" / "ps1" / "p1.ipynb"
    place.write_text(json.dumps(endless))
    return course


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"


def sleeping() -> bool:
    return any("864213" in (process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))


def test_killed_and_run_again_each_copy_is_graded_once(tmp_path: Path) -> None:
    course = course_of(tmp_path)
    first = subprocess.Popen(command(course), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(sleeping)
    family = psutil.Process(first.pid).children(recursive=True)
    assert family
    first.send_signal(signal.SIGKILL)
    first.wait()
    until(lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family))
    until(lambda: not sleeping())
    again = subprocess.run(command(course), env=ENVIRONMENT, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    lines = [json.loads(line) for line in again.stdout.splitlines()]
    assert sorted(line["student"] for line in lines) == [f"student{number}" for number in range(COPIES)]
    scores = {f"student{number}": course.score(f"student{number}") for number in range(COPIES)}
    assert scores == dict.fromkeys(scores, 2.0) | {"student3": 1.0}
    assert not sleeping()


def test_a_course_that_cannot_be_graded_says_why(tmp_path: Path) -> None:
    (tmp_path / "submitted" / "amina" / "ps1").mkdir(parents=True)
    (tmp_path / "submitted" / "amina" / "ps1" / "p1.ipynb").write_text("{}")
    done = subprocess.run(command(CourseFolder(tmp_path)), env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Run `nbgrader generate_assignment ps1` first." in done.stderr
    assert "Traceback" not in done.stderr
