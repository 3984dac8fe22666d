"""nbgrader autograde and himalia grade in turn, on nbgrader's own ps1 course: processor time, wall time, equal scores.

    python benchmarks/grade.py [--copies 20] [--workers 1] [--no-sandbox]

Both sides run in this one process's children, so that resource.getrusage counts all that they used.
"""

import argparse
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

BIN = Path(sys.executable).parent
# nbgrader starts the program `alembic` when it makes a database.
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
TARGET = 5.0
_GRADES = """
    select submitted_assignment.student_id, notebook.name, base_cell.name, grade.auto_score, grade.needs_manual_grade
    from grade
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join notebook on notebook.id = submitted_notebook.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join base_cell on base_cell.id = grade.cell_id
    order by 1, 2, 3
"""


@dataclass(frozen=True)
class Cost:
    """What a command used, its children included."""

    wall: float
    cpu: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-sandbox", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="himalia-bench-") as folder:
        theirs = course(Path(folder) / "nbgrader", arguments.copies)
        ours = Path(shutil.copytree(theirs, Path(folder) / "himalia"))
        slow = measured([str(BIN / "nbgrader"), "autograde", "ps1"], theirs)
        flags = ["--no-sandbox"] if arguments.no_sandbox else []
        words = [str(BIN / "himalia-grade"), str(ours), "ps1", "--workers", str(arguments.workers), *flags]
        fast = measured(words, ours)
        equal, cells = grades(theirs) == grades(ours), len(grades(ours))
    return report(slow, fast, arguments, equal=equal, cells=cells)


def course(folder: Path, copies: int) -> Path:
    """nbgrader's quickstart course with copies of its user guide's two submissions."""
    specification = find_spec("nbgrader")
    assert specification is not None
    assert specification.origin is not None
    guide = Path(specification.origin).parent / "docs" / "source" / "user_guide"
    shutil.copytree(guide / "source", folder / "source", ignore=shutil.ignore_patterns("ps1_autotest"))
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n", encoding="utf-8")
    for number in range(copies):
        name = ("bitdiddle", "hacker")[number % 2]
        shutil.copytree(guide / "submitted" / name / "ps1", folder / "submitted" / f"student{number:03d}" / "ps1")
    quiet([str(BIN / "nbgrader"), "generate_assignment", "ps1"], folder)
    return folder


def measured(words: list[str], folder: Path) -> Cost:
    before, started = children(), time.monotonic()
    quiet(words, folder)
    return Cost(time.monotonic() - started, children() - before)


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def quiet(words: list[str], folder: Path) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr[-2000:]}")


def grades(folder: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "gradebook.db") as database:
        return database.execute(_GRADES).fetchall()


def report(slow: Cost, fast: Cost, arguments: argparse.Namespace, *, equal: bool, cells: int) -> int:
    ratio = slow.cpu / fast.cpu
    if arguments.json:
        figures = {"copies": arguments.copies, "nbgrader": vars(slow), "himalia": vars(fast), "cpu_ratio": ratio, "equal": equal}
        print(json.dumps(figures))
    else:
        print(f"{arguments.copies} copies of ps1, {cells} graded cells, {arguments.workers} worker(s)")
        for name, cost in (("nbgrader autograde", slow), ("himalia grade", fast)):
            per_copy = cost.cpu / arguments.copies
            print(f"{name:20} {cost.cpu:7.2f} CPU-s {cost.wall:7.2f} s wall   {per_copy:.3f} CPU-s per copy")
        print(f"{ratio:.1f} times less processor time, {slow.wall / fast.wall:.1f} times faster; every score equal: {equal}")
    return 0 if equal and ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
