"""What a runner is given, as data: where copies are graded is the runner's business."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class CannotGrade(Exception):
    """Nothing can be graded here, whatever the copies are: the sentence says what is wrong with source or machine."""


@dataclass(frozen=True)
class Work:
    """Copies to grade."""

    environment: str  # a digest; empty means the bare environment
    source: Mapping[str, dict[str, Any]]  # solved notebooks by name
    files: Mapping[str, bytes]  # the assignment's other files
    language: str  # of the course: its stubs are what an unanswered cell holds
    copies: Mapping[str, str]  # person -> digest of the submission's zip
