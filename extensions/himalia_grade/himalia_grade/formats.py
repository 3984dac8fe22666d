"""Notebooks between bytes, plain values and nbformat's nodes; nbformat itself declares no types."""

import json
from collections.abc import Mapping
from typing import Any, cast

import nbformat
from nbformat.notebooknode import NotebookNode

_nbformat: Any = nbformat


def as_node(notebook: Mapping[str, Any]) -> NotebookNode:
    """A notebook's JSON value as nbformat 4; raises what nbformat raises for one that is none."""
    return cast("NotebookNode", _nbformat.reads(json.dumps(notebook), as_version=4))


def read(content: bytes) -> NotebookNode:
    """A notebook's file as nbformat 4; raises ValueError and what nbformat raises."""
    return cast("NotebookNode", _nbformat.reads(content.decode("utf-8-sig"), as_version=4))


def written(notebook: Mapping[str, Any]) -> bytes:
    """The file of a notebook."""
    return f"{_nbformat.writes(_nbformat.from_dict(notebook))}\n".encode()


def node(value: Mapping[str, Any]) -> NotebookNode:
    """A part of a notebook, an output or a cell, as a node."""
    return cast("NotebookNode", _nbformat.from_dict(value))
