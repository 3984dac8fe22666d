"""What the page can ask for, each as one function on the desk."""

import json
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from himalia_lab import assignments, sources
from himalia_lab.bring import bring
from himalia_lab.desk import Desk
from himalia_lab.folders import SOURCE, OutsideCourse, notebooks
from himalia_lab.restart import NotInSujet, restarted
from himalia_lab.restart import questions as questions_of
from himalia_lab.sources import UNREACHABLE
from himalia_lab.workspace import known_name

BEFORE_UPDATE = "before-update"
SUBMITTED = "submitted"
BEFORE_RESTART = "before-restart"


def submit(desk: Desk, assignment: str, key: str) -> dict[str, Any]:
    """Hand in the assignment's folder; the receipt is what the platform kept."""
    return assignments.hand_in(desk.exchange(), desk.workspace, known_name(assignment), key)


def keep_submitted(desk: Desk, assignment: str) -> None:
    """Keep each notebook as it was handed in, for good."""
    for path in notebooks(desk.workspace.root / assignment):
        desk.keeper.keep_quietly(path.relative_to(desk.workspace.root).as_posix(), SUBMITTED)


def keep_source(desk: Desk, assignment: str) -> None:
    """Keep each notebook of a source before another author's takes its place."""
    for path in notebooks(desk.workspace.root / SOURCE / known_name(assignment)):
        desk.keeper.keep(path.relative_to(desk.workspace.root).as_posix(), BEFORE_UPDATE)


def send_source(desk: Desk, assignment: str, choice: sources.Choice) -> sources.Sent:
    """Send a source to the platform, or take the platform's, as chosen."""
    return sources.send_source(desk.exchange(), desk.workspace, known_name(assignment), choice)


def submissions(desk: Desk, assignment: str) -> list[dict[str, Any]]:
    """What this person handed in, the last first; from the receipts kept here while the platform is out of reach."""
    from himalia_exchange.client import ExchangeRefused

    try:
        every = desk.exchange().submissions(assignment)
    except ExchangeRefused as refused:
        if refused.status == UNREACHABLE:
            return desk.workspace.receipts(assignment)
        raise
    return [info.model_dump(mode="json") for info in reversed(every)]


def versions(desk: Desk, path: str) -> list[dict[str, Any]]:
    """The kept versions of a notebook, the last first."""
    kept = desk.keeper.versions(path)
    return [{**asdict(version), "at": version.at.isoformat()} for version in reversed(kept)]


def questions(desk: Desk, path: str) -> list[dict[str, str]]:
    """What can be started again in a notebook."""
    return [asdict(question) for question in questions_of(json.loads(sujet_of(desk, path)))]


def sujet_of(desk: Desk, path: str) -> bytes:
    """The notebook as it was released. Raises NotInSujet for one that the person made."""
    assignment, inner = _split(path)
    files = assignments.sujet(desk.exchange(), desk.workspace, assignment)
    if inner not in files:
        raise NotInSujet(path)
    return files[inner]


def start_again(desk: Desk, path: str, sujet: bytes, question: str) -> None:
    """Put one question, or with an empty `question` the whole notebook, back as released; the rest stays."""
    desk.keeper.rewrite(path, lambda now: _one(now, sujet, question) if question else sujet, BEFORE_RESTART)
    if not question:
        _bring_missing(desk, path)


def _one(current: bytes, sujet: bytes, question: str) -> bytes:
    changed = restarted(json.loads(current), json.loads(sujet), question)
    return json.dumps(changed, ensure_ascii=False, indent=1).encode() + b"\n"


def _bring_missing(desk: Desk, path: str) -> None:
    """Data files that were deleted come back too; none is overwritten."""
    assignment, _ = _split(path)
    bring(desk.workspace.root / assignment, assignments.kept_release(desk.exchange(), desk.workspace, assignment))


def _split(path: str) -> tuple[str, str]:
    parts = PurePosixPath(path.strip("/")).parts
    if len(parts) < 2 or parts[0] == SOURCE or ".." in parts:
        raise OutsideCourse(path)
    return known_name(parts[0]), "/".join(parts[1:])
