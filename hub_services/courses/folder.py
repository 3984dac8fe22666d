"""A course's folder on this machine: its files, or each reason why they are not taken."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from himalia_exchange.archive import ArchiveRefused

from hub_services.courses.intake import Limits, refused, too_large
from hub_services.courses.sentences import Sentence

COURSE_FILE = "course.yaml"
_NEVER = frozenset({".git", ".ipynb_checkpoints", "__pycache__", ".venv", "node_modules", COURSE_FILE})


class FolderRefused(Exception):
    """The folder is not taken; a sentence for each file that stands against it."""

    def __init__(self, *sentences: Sentence) -> None:
        super().__init__(" ".join(sentence.text for sentence in sentences))
        self.sentences = sentences


def read(folder: Path, limits: Limits) -> Mapping[str, bytes]:
    """The files under `folder` by their path in it; no link is followed, nothing large is read. Raises FolderRefused."""
    found: dict[str, bytes] = {}
    problems = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NEVER)
        for name in sorted((*names, *(f for f in folders if Path(root, f).is_symlink()))):
            path = Path(root) / name
            inside = path.relative_to(folder).as_posix()
            problem = None if name in _NEVER else _problem(path, inside, limits)
            if problem:
                problems.append(problem)
            elif name not in _NEVER:
                found[inside] = path.read_bytes()
    if problems:
        raise FolderRefused(*problems)
    return found


def _problem(path: Path, inside: str, limits: Limits) -> Sentence | None:
    try:
        facts = path.lstat()
    except OSError:
        return refused(ArchiveRefused("unreadable", inside))
    if stat.S_ISLNK(facts.st_mode):
        return refused(ArchiveRefused("link", inside))
    if not stat.S_ISREG(facts.st_mode):
        return refused(ArchiveRefused("special", inside))
    if not os.access(path, os.R_OK):
        return refused(ArchiveRefused("unreadable", inside))
    return too_large(inside, facts.st_size, limits.file) if facts.st_size > limits.file else None
