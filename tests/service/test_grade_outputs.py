"""Outputs are those of a kernel: the same notebooks run by nbgrader with ipykernel, and by the engine."""

import json
from pathlib import Path
from typing import Any

import pytest
from himalia_grade.formats import as_node
from himalia_grade.grader import Grader
from himalia_grade.models import CopyTask
from nbgrader.preprocessors import Execute

from tests.service.test_grade_attacks import notebook

CELLS = {
    "result": "x = 1\nx",
    "stream": "print('a')\nimport sys\nprint('b', file=sys.stderr)\nprint('c', end='')",
    "result after print": "print('a')\n[1, 2]",
    "error": "def f(x):\n    return 1 / x\nf(0)",
    "syntax": "def f(:\n    pass",
    "indentation": "if True:\nprint(1)",
    "chained": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('é') from e",
    "html": "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'))",
    "markdown": "from IPython.display import Markdown\nMarkdown('*x*')",
    "two displays": "from IPython.display import display\ndisplay('a', 'b')",
    "update": "from IPython.display import display\nh = display('a', display_id='one')\nh.update('b')",
    "clear": "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
    "clear later": "from IPython.display import clear_output\nprint('a')\nclear_output(wait=True)\nprint('b')",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'done'",
    "running loop": "import asyncio\nasyncio.get_running_loop().is_running()",
    "shell": "!echo from the shell",
    "capture": "%%capture kept\nprint('a')",
    "child process": "import subprocess\nsubprocess.run(['echo', 'child'])\nNone",
    "system": "import os\nos.system('echo system')\nNone",
    "descriptor": "import os\nos.write(1, b'raw')\nNone",
    "semicolon": "3;",
    "none": "None",
    "last expression": "1\n2",
    "main": "__name__",
    "pickled": "import pickle\nclass A:\n    pass\npickle.loads(pickle.dumps(A())).__class__.__name__",
    "unicode": "'é\\u2028😀'",
    "warning": "import warnings\nwarnings.warn('careful')",
    "logging": "import logging\nlogging.getLogger('x').warning('logged')",
    "repr fails": "class B:\n    def __repr__(self):\n        raise RuntimeError('no')\nB()",
    "group": "raise ExceptionGroup('many', [ValueError(1), TypeError(2)])",
    "keyboard": "raise KeyboardInterrupt",
    "history": "In[1], Out.get(1), _",
    "recursion": "import sys\ndef f(n):\n    return 0 if n == 0 else 1 + f(n - 1)\nf(900)",
    "shell name": "get_ipython().__class__.__name__, get_ipython().__class__.__module__.split('.')[0] != ''",
    "doctest": "def g():\n    '''\n    >>> g()\n    1\n    '''\n    return 1\nimport doctest\ndoctest.testmod()",
    "multiprocessing": "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p:\n    print(p.map(abs, [-1, -2]))",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\nP(1)",
    "input": "input()",
}
# What says nothing of the copy: places in memory, paths of the machine, names of temporary files.
NOISE = ("ipykernel_", "/tmp/", "/home/", "\x1b[36mFile ")


def cells() -> list[dict[str, Any]]:
    empty: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return [{**empty, "source": source} for source in CELLS.values()]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("copy")
    (folder / "p1.ipynb").write_text(json.dumps(notebook(*cells())))
    with Grader() as grader:
        result = grader.grade(CopyTask("student", {"p1": notebook()}, folder))
    assert not result.reason
    return list(result.notebooks[0].executed["cells"])


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder: Path = tmp_path_factory.mktemp("kernel")
    node = as_node(notebook(*cells()))
    with pytest.MonkeyPatch.context() as patch:
        # ipykernel does not watch file descriptors while pytest runs.
        patch.delenv("PYTEST_CURRENT_TEST")
        executed, _resources = Execute(timeout=60).preprocess(node, {"metadata": {"path": str(folder)}})
    return list(executed.cells)


@pytest.mark.parametrize("number", range(len(CELLS)), ids=list(CELLS))
def test_outputs_are_those_of_a_kernel(ours: list[Any], kernels: list[Any], number: int) -> None:
    assert _telling(ours[number]) == _telling(kernels[number])


def _telling(cell: Any) -> list[Any]:
    """The outputs; texts of one stream joined, since a kernel sends them when it finds the time, and no line with a path."""
    outputs = [json.loads(json.dumps(output)) for output in cell["outputs"]]
    streams: dict[str, str] = {}
    for output in outputs:
        if output["output_type"] == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + output["text"]
        if output["output_type"] == "error":
            output["traceback"] = [line for line in output["traceback"] if not any(noise in line for noise in NOISE)]
    texts = {name: [line for line in text.splitlines() if not any(n in line for n in NOISE)] for name, text in streams.items()}
    return [texts, *(output for output in outputs if output["output_type"] != "stream")]
