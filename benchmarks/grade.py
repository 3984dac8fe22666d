"""nbgrader autograde and himalia grade in turn, on nbgrader's own ps1 course: processor time, wall time, equal scores.

    python benchmarks/grade.py [--copies 20] [--workers 1] [--no-sandbox] [--environment DIR]

With --environment, a virtual environment with ipykernel, numpy, pandas and matplotlib, the course is one notebook that uses
them, and both sides run it in that environment.

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
    parser.add_argument("--environment", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="himalia-bench-") as folder:
        theirs = Path(folder) / "nbgrader"
        if arguments.environment:
            plots_course(theirs, arguments.copies, arguments.environment.absolute())
        else:
            course(theirs, arguments.copies)
        ours = Path(shutil.copytree(theirs, Path(folder) / "himalia"))
        slow = measured([str(BIN / "nbgrader"), "autograde", "ps1"], theirs)
        flags = ["--no-sandbox"] if arguments.no_sandbox else []
        flags += ["--environment", str(arguments.environment)] if arguments.environment else []
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


def plots_course(folder: Path, copies: int, environment: Path) -> None:
    """One notebook of numbers, a table and a figure; nbgrader's kernel is the environment's."""
    answer = "def centred(values):\n    ### BEGIN SOLUTION\n    return values - values.mean()\n    ### END SOLUTION"
    cells = [
        code("import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt"),
        code(answer, solution=True, grade_id="centred"),
        code("plt.plot(centred(np.arange(10)));"),
        code("assert abs(centred(np.arange(10)).sum()) == 0", grade=True, grade_id="sum", points=1),
        code("assert list(centred(pd.Series([1, 3]))) == [-1, 1]", grade=True, grade_id="series", points=1),
        code("pd.DataFrame({'x': centred(np.arange(4))}).describe()"),
    ]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}, "cells": cells}
    for place in ("source", *(f"submitted/student{number:03d}" for number in range(copies))):
        target = folder / place / "ps1" / "plots.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(notebook), encoding="utf-8")
    kernels = folder / "kernels" / "python3"
    kernels.mkdir(parents=True)
    words = [str(environment / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernels / "kernel.json").write_text(json.dumps({"argv": words, "display_name": "Python 3", "language": "python"}))
    ENVIRONMENT["JUPYTER_PATH"] = str(folder)
    quiet([str(BIN / "nbgrader"), "generate_assignment", "ps1"], folder)


def code(source: str, **marks: object) -> dict[str, object]:
    settings = {"schema_version": 3, "locked": False, "solution": False, "grade": False, **marks}
    metadata = {"nbgrader": settings} if marks else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


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
        print(f"{arguments.copies} copies, {cells} graded cells, {arguments.workers} worker(s)")
        for name, cost in (("nbgrader autograde", slow), ("himalia grade", fast)):
            per_copy = cost.cpu / arguments.copies
            print(f"{name:20} {cost.cpu:7.2f} CPU-s {cost.wall:7.2f} s wall   {per_copy:.3f} CPU-s per copy")
        print(f"{ratio:.1f} times less processor time, {slow.wall / fast.wall:.1f} times faster; every score equal: {equal}")
    return 0 if equal and ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
