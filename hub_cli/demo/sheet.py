"""A sheet is a notebook written as Markdown: prose, and fences that say which nbgrader cell each one is.

A fence's first line reads "```LANGUAGE [GRADE_ID KIND[=POINTS]]". KIND is `solution` (an answer that tests grade),
`tests`, `manual` (an answer graded by hand), `task` or `locked`. A line "+++" ends a Markdown cell.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub_cli.demo.typography import unbroken

Notebook = dict[str, Any]
Cell = dict[str, Any]

_FENCE = re.compile(r"^```(python|markdown)(?: (\S+) ([a-z0-9-]+)(?:=([\d.]+))?)?$")
_KINDS: dict[str, dict[str, bool]] = {
    "solution": {"grade": False, "solution": True, "locked": False, "task": False},
    "tests": {"grade": True, "solution": False, "locked": True, "task": False},
    "manual": {"grade": True, "solution": True, "locked": False, "task": False},
    "task": {"grade": False, "solution": False, "locked": True, "task": True},
    "locked": {"grade": False, "solution": False, "locked": True, "task": False},
}


@dataclass(frozen=True)
class Block:
    """One cell of a sheet, before it is a notebook's."""

    language: str
    source: str
    grade_id: str = ""
    kind: str = ""
    points: float | None = None


def notebook(text: str) -> Notebook:
    """The solved nbgrader notebook of a sheet; equal text gives an equal notebook."""
    cells = [_cell(block, number) for number, block in enumerate(blocks(text), 1)]
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
            "license": "CC0-1.0",
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def to_bytes(document: Notebook) -> bytes:
    """The notebook as Jupyter writes it: one space of indent, keys sorted, accents kept."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def blocks(text: str) -> Iterator[Block]:
    """The cells of a sheet, in order."""
    prose: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        fence = _FENCE.match(line)
        if fence is None and line != "+++":
            prose.append(line)
            continue
        yield from _prose(prose)
        prose = []
        if fence is not None:
            yield _fenced(fence, lines)
    yield from _prose(prose)


def _prose(lines: list[str]) -> Iterator[Block]:
    source = "\n".join(lines).strip()
    if source:
        yield Block("markdown", source)


def _fenced(fence: re.Match[str], lines: Iterator[str]) -> Block:
    language, grade_id, kind, points = fence.groups("")
    body: list[str] = []
    for line in lines:
        if line == "```":
            source = "\n".join(body).strip("\n")
            return Block(language, source, grade_id, kind, float(points) if points else None)
        body.append(line)
    raise ValueError(f"the fence {fence[0]!r} is not closed")


def _cell(block: Block, number: int) -> Cell:
    cell: Cell = {
        "cell_type": "code" if block.language == "python" else "markdown",
        "id": block.grade_id or f"cell-{number:02}",
        "metadata": _metadata(block),
        "source": block.source if block.language == "python" else unbroken(block.source),
    }
    if block.language == "python":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _metadata(block: Block) -> dict[str, Any]:
    if not block.kind:
        return {}
    meta: dict[str, Any] = {"grade_id": block.grade_id, "schema_version": 3, **_KINDS[block.kind]}
    if block.points is not None:
        meta["points"] = block.points
    return {"nbgrader": meta}
