"""Scores of generated answers, by nbgrader with a kernel for each notebook and by the engine: every difference is printed.

python benchmarks/grade_parity.py [--cells 2000] [--seed 0]
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from himalia_grade.formats import as_node
from himalia_grade.grader import Grader
from himalia_grade.models import CopyTask, Limits
from himalia_grade.rules import score
from nbgrader.preprocessors import Execute

CELLS = 50  # of one notebook
BODIES = (
    "return x",
    "return x * x",
    "return [x] * 3",
    "return {'a': x}",
    "return str(x)",
    "return None",
    "raise ValueError(x)",
    "print(x)\n    return x",
    "import sys\n    print(x, file=sys.stderr)\n    return x",
    "import warnings\n    warnings.warn('careful')\n    return x",
    "import os\n    os.system('echo from a child')\n    return x",
    "import os\n    os.system('echo from a child >&2')\n    return x",
    "import logging\n    logging.warning('logged')\n    return x",
    "return x / 0",
    "return undefined",
    "return float('nan')",
    "return type('E', (), {'__repr__': lambda s: 'strange'})()",
    "yield x",
    "assert x > 0\n    return x",
    "return (lambda n: n and n * f(n - 1) or 1)(x) if x < 5 else x",
    "from IPython.display import display\n    display(x)\n    return x",
    "class Loud(Exception):\n        pass\n    raise Loud('é')",
    "import asyncio\n    return asyncio.sleep(0)",
    "return sum(range(x))",
)
TESTS = (
    "assert f({n}) == {value!r}",
    "assert f({n}) == {n}",
    "f({n})",
    "f({n});",
    "print(f({n}))",
    "try:\n    f({n})\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('did not raise')",
    "0.5 if f({n}) == {value!r} else 0",
    "f({n}) is None",
    "result = f({n})\nresult",
    "import numbers\nassert isinstance(f({n}), numbers.Number)\n1",
    "assert f({n}), 'nothing'",
    "from IPython.display import HTML\nHTML(str(f({n})))",
    "await f({n})",
    "%time f({n})",
    "!echo {n}",
    "assert f({n}) == {value!r}; print('ok')",
    "def helper():\n    return f({n})\nhelper()",
    "f({n}) if f({n}) == {n} else 1/0",
    "{value!r}",
    "raise SystemExit",
)
VALUES = (0, 1, 2, 3, 4, 9, "3", None, [3, 3, 3], {"a": 3}, 3.5)
Notebook = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)  # noqa: S311
    counts: Counter[str] = Counter()
    with Grader(limits=Limits(cell_seconds=30)) as grader, tempfile.TemporaryDirectory() as folder:
        for number in range(-(-arguments.cells // CELLS)):
            counts += compared(grader, Path(folder) / str(number), made(dice))
    different = counts.pop("different", 0)
    for score_given, count in sorted(counts.items()):
        print(f"{count:6} cells scored {score_given}")
    print(f"{sum(counts.values()) + different} cells, {different} scored differently")
    return 1 if different else 0


def made(dice: random.Random) -> Notebook:
    """A notebook of answers, each followed by its test."""
    cells = []
    for number in range(CELLS):
        body = dice.choice(BODIES)
        text = dice.choice(TESTS).format(n=dice.randint(0, 4), value=dice.choice(VALUES))
        cells.append(code(f"def f(x):\n    {body}", solution=True, grade_id=f"answer{number}"))
        cells.append(code(text, grade=True, points=1, grade_id=f"test{number}"))
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}, "cells": cells}


def code(source: str, **marks: object) -> dict[str, Any]:
    settings = {"schema_version": 3, "locked": False, "solution": False, "grade": False, **marks}
    return {"cell_type": "code", "metadata": {"nbgrader": settings}, "source": source, "outputs": [], "execution_count": None}


def compared(grader: Grader, folder: Path, notebook: Notebook) -> Counter[str]:
    folder.mkdir()
    (folder / "p1.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    ours = grader.grade(CopyTask("student", {"p1": notebook}, folder))
    executed, _resources = Execute(timeout=30).preprocess(as_node(notebook), {"metadata": {"path": str(folder)}})
    theirs = {cell.metadata.nbgrader.grade_id: cell for cell in executed.cells if cell.metadata.nbgrader.grade}
    counts: Counter[str] = Counter()
    for given in ours.notebooks[0].cells:
        wanted = score(theirs[given.grade_id])
        same = wanted.auto_score == given.auto_score
        counts[str(given.auto_score) if same else "different"] += 1
        if not same:
            print(f"{given.grade_id}: nbgrader {wanted.auto_score}, engine {given.auto_score}\n{theirs[given.grade_id].source}")
    return counts


if __name__ == "__main__":
    sys.exit(main())
