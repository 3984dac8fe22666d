"""What a reviewer is shown beside the points: flags on an answer's text, and copies that are alike."""

import pytest
from himalia_grade.flags import of_sources
from himalia_grade.formats import as_node
from himalia_grade.incidents import _SENTENCES, Incident
from himalia_grade.release import truth
from himalia_grade.similarity import alike, tokens

from tests.unit.grade.notebooks import answer, check, code, notebook

SOURCE = notebook(answer("### BEGIN SOLUTION\nx = 1\n### END SOLUTION"), check("import subprocess\nassert x == 1"))
SUSPICIOUS = [
    "get_ipython().ast_transformers",
    "class A:\n    def __eq__(self, o): return True",
    "import sys\nsys.settrace(f)",
    "import gc\ngc.get_objects()",
    "import os\nos._exit(0)",
    "open('/proc/self/mem')",
    "import ctypes",
    "from inspect import stack\nimport inspect\ninspect.stack()",
    "eval('1')",
    "import socket",
]
ORDINARY = ["import numpy as np\nx = np.mean([1])", "def f(x):\n    return x == 1", "evaluation = 3\nprint(os.path.join('a'))"]


@pytest.mark.parametrize("text", SUSPICIOUS)
def test_what_reaches_into_the_interpreter_is_flagged(text: str) -> None:
    flags = of_sources(as_node(notebook(answer(text))), truth("p1", SOURCE))
    assert flags
    assert {(flag.kind, flag.grade_id) for flag in flags} == {("source", "answer")}


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_answers_are_not(text: str) -> None:
    assert of_sources(as_node(notebook(answer(text))), truth("p1", SOURCE)) == ()


def test_the_teachers_own_cells_are_not() -> None:
    assert of_sources(as_node(SOURCE), truth("p1", SOURCE)) == ()


ANSWER = """
def mean(values):
    total = 0
    for value in values:
        total += value
    return total / len(values)

def variance(values):
    centre = mean(values)
    return sum((value - centre) ** 2 for value in values) / (len(values) - 1)
"""
RENAMED = ANSWER.replace("values", "xs").replace("total", "s").replace("centre", "m").replace("value", "x") + "# mine\n"
OTHER = """
import statistics
def mean(a):
    return statistics.fmean(a)

class Spread:
    def __init__(self, a):
        self.a = sorted(a)
    def variance(self):
        return statistics.variance(self.a) if len(self.a) > 1 else 0.0
def variance(a):
    return Spread(a).variance()
"""


def test_copies_are_alike_whatever_the_names() -> None:
    copies = {"amina": [notebook(answer(ANSWER))], "boris": [notebook(answer(RENAMED))], "chloe": [notebook(answer(OTHER))]}
    found = alike(copies, [notebook(answer("raise NotImplementedError()"))])
    assert [(pair.first, pair.second) for pair in found] == [("amina", "boris")]
    assert found[0].share > 0.95


def test_what_was_handed_out_does_not_count() -> None:
    copies = {"amina": [notebook(answer(ANSWER))], "boris": [notebook(answer(ANSWER))]}
    assert alike(copies, [notebook(code(ANSWER))]) == []


def test_short_answers_prove_nothing() -> None:
    copies = {"amina": [notebook(answer("x = 1"))], "boris": [notebook(answer("x = 1"))]}
    assert alike(copies, []) == []


def test_what_is_no_python_is_compared_by_words() -> None:
    assert tokens('"""no end') == ['"""no', "end"]


@pytest.mark.parametrize("kind", _SENTENCES)
def test_each_incident_is_said_in_both_languages(kind: str) -> None:
    incident = Incident(kind, "30", 4, "q1")  # type: ignore[arg-type]
    assert incident.sentence("en") != incident.sentence("fr")
    assert "{" not in incident.sentence("en") + incident.sentence("fr")
