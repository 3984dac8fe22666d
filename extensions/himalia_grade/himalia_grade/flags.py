"""What a reviewer should see in an answer's text: reasons to look, never reasons to take points away."""

import re
from collections.abc import Iterator, Mapping

from nbformat.notebooknode import NotebookNode
from nbgrader import utils

from himalia_grade.models import Flag
from himalia_grade.scrub import visible
from himalia_grade.truth import Truth

_REASONS: Mapping[str, str] = {
    r"\bget_ipython\b|\bInteractiveShell\b": "it reaches for the interpreter that runs the notebook",
    r"\b(ast|input)_transformers\b|\bpre_run_cell\b|\bpost_run_cell\b|\bpre_execute\b": "it changes how later cells are run",
    r"\bdef\s+__(eq|ne|bool|instancecheck|getattribute)__\b|\b__(eq|bool)__\s*=": "it changes what a comparison says",
    r"\bsys\s*\.\s*(settrace|setprofile|meta_path|path_hooks|modules)\b": "it looks into the interpreter",
    r"\b_getframe\b|\bf_back\b|\binspect\s*\.\s*(stack|currentframe)\b": "it looks at who calls it",
    r"\bgc\s*\.\s*get_|\bctypes\b|\b__builtins__\b|\bbuiltins\b|\bregister_at_fork\b": "it reaches into the interpreter's memory",
    r"\bos\s*\.\s*(environ|_exit|kill|fork|system|exec\w*|spawn\w*|popen)\b": "it uses the environment or other processes",
    r"\b(subprocess|multiprocessing|socket|signal|pty)\b": "it starts processes or opens connections",
    r"/proc/|\bgradebook\b|\bautograded\b|\bsandboxed\b": "it names files or parts of the grading",
    r"\b(exec|eval|compile)\s*\(|\b__import__\b|\bimport_module\b": "it runs text that it makes",
    r"\b(showtraceback|run_cell|run_cell_async|run_ast_nodes)\b": "it replaces how errors are shown or cells are run",
}
_PATTERNS = {re.compile(pattern): reason for pattern, reason in _REASONS.items()}


def of_sources(submitted: NotebookNode, truth: Truth) -> tuple[Flag, ...]:
    """Flags on what the student wrote: cells that are as they were handed out have none."""
    return tuple(flag for cell in submitted.cells if _is_own(cell, truth) for flag in _of_cell(cell))


def of_tests(submitted: NotebookNode, truth: Truth) -> tuple[Flag, ...]:
    """Flags on the teacher's cells that the copy has changed; they are put back before anything runs."""
    return tuple(
        Flag("cell-changed", known.name, "the copy's text of this cell is not the teacher's, which was run")
        for cell in submitted.cells
        if (known := truth.sources.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))) is not None
        and known.locked
        and _plain(cell.source) not in (_plain(known.source), _plain(visible(known.source)))
    )


def _plain(source: str) -> str:
    """The text without the spaces that editors and releases add or take."""
    return "\n".join(line.rstrip() for line in source.strip().split("\n"))


def _is_own(cell: NotebookNode, truth: Truth) -> bool:
    """Whether a code cell holds text that is not the teacher's."""
    if cell.cell_type != "code" or utils.is_locked(cell):
        return False
    known = truth.sources.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
    return known is None or known.source != cell.source


def _of_cell(cell: NotebookNode) -> Iterator[Flag]:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    for pattern, reason in _PATTERNS.items():
        found = pattern.search(cell.source)
        if found:
            yield Flag("source", grade_id, f"{reason}: {found.group(0).strip()}")
