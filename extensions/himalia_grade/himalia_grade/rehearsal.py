"""The model solution, graded before any copy: what its tests tell, and what they would say of anything."""

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode

from himalia_grade.assignment import foreign_kernel, tests_of
from himalia_grade.conversation import Conversation, Execution, Twins, grade_id
from himalia_grade.findings import Finding
from himalia_grade.formats import as_node
from himalia_grade.models import Limits, Notebook
from himalia_grade.twins import every_twin, touches_files
from himalia_grade.warm import Copy

_FIRST_LINE = 200


@dataclass(frozen=True)
class Rehearsal:
    """`vacuous` holds the made-wrong tests that the solution passes; `findings` say the same, by notebook, for people."""

    vacuous: frozenset[str]
    findings: Mapping[str, tuple[Finding, ...]]


def rehearse(copy: Copy, source: Mapping[str, Notebook], environment: Mapping[str, str], limits: Limits) -> Rehearsal:
    """Run solved notebooks with every twin of every test."""
    vacuous: set[str] = set()
    findings = {}
    for name, notebook in sorted(source.items()):
        if not needs_running(notebook):
            continue
        node = as_node(notebook)
        execution = _executed(copy, node, environment, limits)
        vacuous |= {code for codes in execution.passed.values() for code in codes}
        findings[name] = tuple(_findings(node, execution))
    return Rehearsal(frozenset(vacuous), findings)


def needs_running(notebook: Notebook) -> bool:
    """Whether a solved notebook has tests that this engine runs."""
    node = as_node(notebook)
    return bool(tests_of(node)) and not foreign_kernel(node)


def _executed(copy: Copy, node: NotebookNode, environment: Mapping[str, str], limits: Limits) -> Execution:
    twins = {grade_id(cell): Twins(every_twin(cell.source), touches_files(cell.source)) for cell in tests_of(node)}
    line = copy.start_notebook(environment, 0)
    try:
        deadline = time.monotonic() + limits.copy_seconds
        return Conversation(copy, line, limits, deadline, random.Random(0)).run(node, twins)  # noqa: S311
    finally:
        line.close()
        copy.stop()


def _findings(node: NotebookNode, execution: Execution) -> Iterator[Finding]:
    numbers = {grade_id(cell): number for number, cell in enumerate(node.cells, start=1)}
    for cell in tests_of(node):
        name = grade_id(cell)
        for code in execution.passed.get(name, ()):
            yield Finding("vacuous", numbers[name], name, _changed_line(cell.source, code))
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if errors:
            yield Finding("solution-fails", numbers[name], name, f"{errors[0].ename}: {errors[0].evalue}"[:_FIRST_LINE])


def _changed_line(source: str, twin: str) -> str:
    """The line of a twin that differs from the test's."""
    pairs = zip(source.split("\n"), twin.split("\n"), strict=False)
    return next((wrong.strip() for right, wrong in pairs if right != wrong), twin.strip())[:_FIRST_LINE]
