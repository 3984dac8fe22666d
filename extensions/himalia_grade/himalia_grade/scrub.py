"""Hidden tests taken out of an executed notebook, before anybody but the teacher sees it.

A cell with a hidden test keeps its visible text and nothing of what it showed: its process had the hidden text in hand.
What other cells show loses every line of it. Encoded text can pass: docs/explanation/grading-threats.md says what remains.
"""

import base64
import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from himalia_grade.models import Cell, Notebook

_BEGIN, _END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
_MARKS = ("BEGIN MARK SCHEME", "END MARK SCHEME")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_SHORTEST = 6  # shorter lines, like `else:`, tell nothing and stand everywhere
_WITHHELD = "[…]"


@dataclass(frozen=True)
class Scrubbed:
    """A notebook that may be shown, and the positions of the cells whose outputs were withheld."""

    notebook: Notebook
    withheld: frozenset[int]


def scrubbed(notebook: Notebook) -> Scrubbed:
    """A copy of the notebook without hidden tests and marking schemes, in sources and outputs alike."""
    shown = copy.deepcopy(dict(notebook))
    cells: list[Cell] = shown.get("cells", [])
    lines = frozenset(line for cell in cells for line in hidden_lines(text_of(cell.get("source", ""))))
    pattern = _pattern(lines)
    withheld = set()
    for position, cell in enumerate(cells):
        source = text_of(cell.get("source", ""))
        cell["source"] = visible(source)
        if _BEGIN in source and cell.get("cell_type") == "code":
            withheld.add(position)
            cell["outputs"] = []
        elif pattern:
            cell["outputs"] = [_without(output, pattern) for output in cell.get("outputs", [])]
    return Scrubbed(shown, frozenset(withheld))


def visible(source: str) -> str:
    """The text outside hidden regions and marking schemes."""
    return "\n".join(line for line, hidden in _marked(source) if not hidden)


def hidden_lines(source: str) -> set[str]:
    """The lines inside hidden tests, stripped, that are long enough to be told from others."""
    inside = (line.strip() for line, hidden in _marked(source) if hidden and _BEGIN in source)
    return {line for line in inside if len(line) >= _SHORTEST and _BEGIN not in line and _END not in line}


def text_of(source: object) -> str:
    """A text that a notebook's file may hold as a list of lines."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _marked(source: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is hidden; the delimiters are. A region without an end goes to the end of the cell."""
    inside = False
    for line in source.split("\n"):
        if _BEGIN in line or _MARKS[0] in line:
            inside = True
        yield line, inside
        if _END in line or _MARKS[1] in line:
            inside = False


def _pattern(lines: Iterable[str]) -> re.Pattern[str] | None:
    forms = sorted({form for line in lines for form in _forms(line)}, key=len, reverse=True)
    return re.compile("|".join(forms)) if forms else None


def _forms(line: str) -> set[str]:
    """How a line may stand in an output: as it is, with other spaces, escaped, backwards, in base64 or in hexadecimal."""
    loose = r"\s*".join(re.escape(part) for part in line.split())
    data = line.encode()
    encoded = {base64.b64encode(data).decode().rstrip("=")[:-1], data.hex(), line[::-1], repr(line)[1:-1]}
    return {loose, *(re.escape(form) for form in encoded)}


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    """An output, or a part of one, with every hidden line withheld, colours or not."""
    if isinstance(value, dict):
        return {name: _without(inner, pattern) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, pattern) for inner in value]
    if not isinstance(value, str):
        return value
    plain = _ANSI.sub("", value)
    return pattern.sub(_WITHHELD, plain) if pattern.search(plain) else value
