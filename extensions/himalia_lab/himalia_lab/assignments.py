"""What a person does with an assignment: list, open, hand in, send the source. Blocking: called from threads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from himalia_lab.bring import bring
from himalia_lab.folders import SOURCE, first_notebook
from himalia_lab.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from himalia_exchange.client import ExchangeClient

# Graded copies that nbgrader put beside the work: they came from the platform.
_RETURNED = ("feedback",)


@dataclass(frozen=True)
class Sent:
    """Whether a source had changed since it was last sent, and what it is now."""

    sent: bool
    sha256: str


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
    return _first(workspace, folder)


def open_source(exchange: ExchangeClient, workspace: Workspace, assignment: str) -> str:
    """The same for an author: the source, in `source/<assignment>`."""
    folder = workspace.root / SOURCE / assignment
    if first_notebook(folder) is None:
        bring(folder, exchange.source(assignment))
    workspace.remember_names(frozenset({assignment}))
    return _first(workspace, folder)


def hand_in(exchange: ExchangeClient, workspace: Workspace, assignment: str, key: str) -> dict[str, Any]:
    """Submit the folder as it is on disk; the receipt is what the platform kept."""
    from himalia_exchange.archive import IGNORED, pack

    receipt = exchange.submit(assignment, pack(workspace.root / assignment, {*IGNORED, *_RETURNED}), key)
    kept = receipt.model_dump(mode="json")
    workspace.keep_receipt(kept)
    return kept


def send_source(exchange: ExchangeClient, workspace: Workspace, assignment: str, last: str) -> Sent:
    """Send `source/<assignment>` to the platform, unless it is what was sent last."""
    from himalia_exchange.archive import pack

    archive = pack(workspace.root / SOURCE / assignment)
    digest = hashlib.sha256(archive).hexdigest()
    if digest != last:
        exchange.put_source(assignment, archive)
    return Sent(digest != last, digest)


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


def _first(workspace: Workspace, folder: Path) -> str:
    notebook = first_notebook(folder)
    if notebook is None:
        raise NoNotebook(folder.name)
    return notebook.relative_to(workspace.root).as_posix()


def _local(workspace: Workspace, assignment: str) -> dict[str, bool]:
    return {
        "fetched": (workspace.root / assignment).is_dir(),
        "source": (workspace.root / SOURCE / assignment).is_dir(),
    }
