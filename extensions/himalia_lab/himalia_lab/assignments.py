"""What a student does with an assignment: list, open, hand in. Blocking: called from threads."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from himalia_lab.bring import bring
from himalia_lab.folders import SOURCE, first_notebook
from himalia_lab.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from himalia_exchange.client import ExchangeClient

_log = logging.getLogger("himalia_lab")
# Graded copies that nbgrader put beside the work: they came from the platform.
_RETURNED = ("feedback",)


class NoNotebook(Exception):
    """The assignment holds no notebook that could be opened."""


def listed(exchange: ExchangeClient, workspace: Workspace) -> list[dict[str, Any]]:
    """The assignments as the platform sees them, with whether they are in the course's folder."""
    every = exchange.assignments()
    workspace.remember_names(frozenset(info.name for info in every))
    return [{**info.model_dump(mode="json"), **_local(workspace, info.name)} for info in every]


def open_copy(exchange: ExchangeClient, workspace: Workspace, assignment: str) -> str:
    """Fetch the assignment if it is not there and give the path of its first notebook, relative to the root."""
    folder = workspace.root / assignment
    if first_notebook(folder) is None:
        release = exchange.fetch(assignment)
        workspace.keep_release(assignment, release)
        bring(folder, release)
    workspace.remember_names(frozenset({assignment}))
    return first_path(workspace, folder)


def hand_in(exchange: ExchangeClient, workspace: Workspace, assignment: str, key: str) -> dict[str, Any]:
    """Submit the folder as it is on disk; the receipt is what the platform kept."""
    from himalia_exchange.archive import IGNORED, pack

    receipt = exchange.submit(assignment, pack(workspace.root / assignment, {*IGNORED, *_RETURNED}), key)
    told = receipt.model_dump(mode="json")
    try:
        workspace.keep_receipt(told)
    except OSError:  # the platform has the submission: a full disk here must not make it look refused
        _log.warning("No copy kept of receipt %s", receipt.id, exc_info=True)
    return told


def kept_release(exchange: ExchangeClient, workspace: Workspace, assignment: str) -> bytes:
    """The released version as this person has it; fetched again where no copy is kept."""
    kept = workspace.kept_release(assignment)
    if kept is None:
        kept = exchange.fetch(assignment)
        workspace.keep_release(assignment, kept)
    return kept


def sujet(exchange: ExchangeClient, workspace: Workspace, assignment: str) -> dict[str, bytes]:
    """Its files."""
    from himalia_exchange.archive import unpack

    return unpack(kept_release(exchange, workspace, assignment))


def first_path(workspace: Workspace, folder: Path) -> str:
    """The folder's first notebook, relative to the root. Raises NoNotebook."""
    notebook = first_notebook(folder)
    if notebook is None:
        raise NoNotebook(folder.name)
    return notebook.relative_to(workspace.root).as_posix()


def _local(workspace: Workspace, assignment: str) -> dict[str, bool]:
    return {
        "fetched": (workspace.root / assignment).is_dir(),
        "source": (workspace.root / SOURCE / assignment).is_dir(),
    }
