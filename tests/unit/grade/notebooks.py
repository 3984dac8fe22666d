"""Small notebooks for tests, as JSON values."""

from typing import Any

Notebook = dict[str, Any]


def code(source: str, *outputs: dict[str, Any], **marks: object) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if marks:
        metadata["nbgrader"] = {"schema_version": 3, "locked": False, "solution": False, "grade": False, **marks}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": list(outputs), "execution_count": None}


def markdown(source: str, **marks: object) -> dict[str, Any]:
    cell = code(source, **marks)
    return {"cell_type": "markdown", "metadata": cell["metadata"], "source": source}


def answer(source: str, grade_id: str = "answer", **marks: object) -> dict[str, Any]:
    return code(source, solution=True, grade_id=grade_id, **marks)


def check(source: str, *outputs: dict[str, Any], grade_id: str = "test", points: float = 1) -> dict[str, Any]:
    return code(source, *outputs, grade=True, grade_id=grade_id, points=points)


def notebook(*cells: dict[str, Any], kernel: str = "python3", language: str = "python") -> Notebook:
    specification = {"name": kernel, "language": language, "display_name": kernel}
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": specification}, "cells": list(cells)}


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def result(text: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}, "execution_count": 1}


def error(text: str = "AssertionError") -> dict[str, Any]:
    return {"output_type": "error", "ename": text, "evalue": "", "traceback": [text]}
