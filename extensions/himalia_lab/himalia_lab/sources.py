"""An author's source, in `source/<assignment>` and on the platform: brought, sent, and never lost to another author."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from himalia_lab.assignments import first_path
from himalia_lab.bring import bring
from himalia_lab.folders import SOURCE, first_notebook

if TYPE_CHECKING:
    from himalia_exchange.client import ExchangeClient

    from himalia_lab.workspace import Workspace

MISSING = 404
UNREACHABLE = 0


class SourceChanged(Exception):
    """The platform's source was changed by somebody else since it was last brought or sent from here."""


class Choice(StrEnum):
    """What to do where both sides changed."""

    NONE = ""
    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Sent:
    """Whether anything had to be sent, and what the source is now."""

    sent: bool
    sha256: str


class Standing(StrEnum):
    """How two sources stand to each other."""

    SAME = "same"
    OURS_AHEAD = "ours-ahead"
    THEIRS_AHEAD = "theirs-ahead"
    BOTH = "both"


def standing(ours: str, theirs: str | None, synced: str | None) -> Standing:
    """Compare digests: ours, the platform's (none where it has no source), and the one both last had. Pure."""
    if ours == theirs:
        return Standing.SAME
    if theirs is None or theirs == synced:
        return Standing.OURS_AHEAD
    return Standing.THEIRS_AHEAD if ours == synced else Standing.BOTH


def open_source(exchange: ExchangeClient, workspace: Workspace, assignment: str) -> str:
    """Bring the source, or what changed on the platform if nothing changed here; the path of its first notebook."""
    folder = workspace.root / SOURCE / assignment
    new = first_notebook(folder) is None
    theirs = _theirs(exchange, assignment, needed=new)
    if theirs and (new or _stands(workspace, assignment, theirs) is Standing.THEIRS_AHEAD):
        take(workspace, assignment, theirs)
    workspace.remember_names(frozenset({assignment}))
    return first_path(workspace, folder)


def send_source(exchange: ExchangeClient, workspace: Workspace, assignment: str, choice: Choice = Choice.NONE) -> Sent:
    """Send the source if it changed. Raises SourceChanged where the platform's did too and no `choice` was made."""
    from himalia_exchange.archive import pack

    archive = pack(workspace.root / SOURCE / assignment)
    digest = hashlib.sha256(archive).hexdigest()
    if digest == workspace.synced(assignment) and choice is Choice.NONE:
        return Sent(False, digest)
    theirs = _theirs(exchange, assignment, needed=True)
    stands = standing(digest, _digest(theirs), workspace.synced(assignment))
    if stands is Standing.BOTH and choice is Choice.NONE:
        raise SourceChanged(assignment)
    if theirs and choice is Choice.THEIRS:
        take(workspace, assignment, theirs)
        return Sent(False, str(_digest(theirs)))
    if stands is not Standing.SAME:
        exchange.put_source(assignment, archive)
    workspace.remember_synced(assignment, digest)
    return Sent(stands is not Standing.SAME, digest)


def take(workspace: Workspace, assignment: str, archive: bytes) -> None:
    """Put the platform's source here, over what differs."""
    bring(workspace.root / SOURCE / assignment, archive, replace=True)
    workspace.remember_synced(assignment, str(_digest(archive)))


def _theirs(exchange: ExchangeClient, assignment: str, *, needed: bool) -> bytes | None:
    """The platform's source; none where it has none, or where it cannot be reached and the work can go on without."""
    from himalia_exchange.client import ExchangeRefused

    try:
        return exchange.source(assignment)
    except ExchangeRefused as refused:
        if refused.status == MISSING or (refused.status == UNREACHABLE and not needed):
            return None
        raise


def _stands(workspace: Workspace, assignment: str, theirs: bytes) -> Standing:
    from himalia_exchange.archive import pack

    ours = hashlib.sha256(pack(workspace.root / SOURCE / assignment)).hexdigest()
    return standing(ours, _digest(theirs), workspace.synced(assignment))


def _digest(archive: bytes | None) -> str | None:
    """Of the content, however it was zipped."""
    from himalia_exchange.archive import pack, unpack

    return hashlib.sha256(pack(unpack(archive))).hexdigest() if archive else None
