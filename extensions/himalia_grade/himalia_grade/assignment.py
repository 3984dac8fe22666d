"""An assignment made ready for grading: its truths, its tests' twins, the libraries that its notebooks import."""

import ast
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from traitlets.config import Config

from himalia_grade import release
from himalia_grade.conversation import Twins, grade_id
from himalia_grade.models import Notebook
from himalia_grade.scrub import text_of
from himalia_grade.truth import Truth
from himalia_grade.twins import twins

# Libraries that take long to load, are safe to fork after loading, and print nothing.
_PRELOADABLE = re.compile(
    r"(bs4|IPython|lxml|matplotlib|networkx|nltk|numpy|pandas|PIL|plotly|regex|requests|scipy|seaborn|sklearn|skimage"
    r"|statsmodels|sympy|yaml)(\..*)?"
)
_PYTHON_KERNELS = ("python", "ipython")
_WITH = {"matplotlib": ("matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib_inline.backend_inline")}


@dataclass(frozen=True)
class Assignment:
    """What grading needs to know of an assignment, the same for every copy."""

    truths: tuple[Truth, ...]
    preload: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    vacuous: frozenset[str] = frozenset()  # twins that the model solution passes too: they tell nothing

    @property
    def max_score(self) -> float:
        return sum(truth.max_score for truth in self.truths)


def of_source(source: Mapping[str, Notebook], files: Mapping[str, bytes], config: Config | None = None) -> Assignment:
    """The assignment of these solved notebooks. Raises ReleaseError."""
    truths = tuple(release.truth(name, notebook, config) for name, notebook in sorted(source.items()))
    return Assignment(truths, libraries_of(source), files)


def libraries_of(source: Mapping[str, Notebook]) -> tuple[str, ...]:
    """What of all the imports of these notebooks is worth loading before copies are forked."""
    return libraries(text_of(cell.get("source", "")) for notebook in source.values() for cell in notebook.get("cells", []))


def libraries(sources: Iterable[str]) -> tuple[str, ...]:
    """What of these cells' imports is worth loading before copies are forked, in a stable order."""
    names = {name for source in sources for name in _imports(source)}
    found = sorted(name for name in names if _PRELOADABLE.fullmatch(name))
    more = [extra for top, extras in _WITH.items() if any(name.split(".")[0] == top for name in found) for extra in extras]
    return tuple(dict.fromkeys([*found, *more]))


def twins_of(notebook: NotebookNode, dice: random.Random, vacuous: frozenset[str], number: int) -> dict[str, Twins]:
    """So many twins for each automatically graded test cell of a notebook."""
    return {grade_id(cell): twins(cell.source, dice, number, vacuous) for cell in tests_of(notebook)}


def tests_of(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells whose points are given by running them."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)]


def foreign_kernel(node: NotebookNode) -> str:
    """The name of the notebook's kernel where it is not Python's."""
    kernel = node.metadata.get("kernelspec") or {}
    language, name = str(kernel.get("language", "")).lower(), str(kernel.get("name", "python")).lower()
    return "" if language in _PYTHON_KERNELS or name.startswith(_PYTHON_KERNELS) else name


def _imports(source: str) -> set[str]:
    names: set[str] = set()
    for line in source.splitlines():
        # Line by line: a cell with a magic command does not parse as a whole.
        if line.lstrip().startswith(("import ", "from ")):
            names |= _imported(line.strip())
    return names


def _imported(line: str) -> set[str]:
    try:
        statements = ast.parse(line.rstrip("(\\ ") if line.endswith(("(", "\\")) else line).body
    except SyntaxError:
        # An import that goes on over lines: its module is named on the first.
        return {line.split()[1]}
    names = set()
    for statement in statements:
        if isinstance(statement, ast.Import):
            names |= {alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            names.add(statement.module)
    return names
