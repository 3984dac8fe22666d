"""What grading knows of a copy: frozen, as the database holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Flag:
    """Something that a teacher should look at; it changes no score by itself."""

    kind: str  # himalia_grade's FlagKind
    cell: str
    detail: str


@dataclass(frozen=True)
class Remark:
    """The flags of one kind, as a page says them; `title` is a msgid."""

    title: str
    cells: tuple[str, ...]
    details: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One marked cell of a graded copy."""

    id: str
    max_score: float
    auto_score: float | None  # None where a person gives the points
    needs_manual_grade: bool


@dataclass(frozen=True)
class Notebook:
    """One notebook of a graded copy."""

    name: str
    reason: str  # why it did not run to its end; empty when it did
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Notebook":
        """Read what `store` wrote."""
        return cls(data["name"], data["reason"], tuple(Cell(**cell) for cell in data["cells"]))


@dataclass(frozen=True)
class Copy:
    """A submission as it was graded; `submission`, `environment`, `tests` and `engine` say by what (audit)."""

    course: str
    assignment: str
    person: str
    submission: str
    submission_sha256: str
    environment: str
    tests: str
    engine: str
    executed: str  # the digest of a zip of the executed notebooks
    notebooks: tuple[Notebook, ...]
    flags: tuple[Flag, ...]
    reason: str
    seconds: float
    cpu_seconds: float
    graded_at: datetime

    @property
    def is_suspect(self) -> bool:
        """Whether a test or a result was tampered with, as far as the engine can tell."""
        return any(flag.kind in ("twin-passes", "forged-result") for flag in self.flags)

    def is_of(self, submission_sha256: str, environment: str, tests: str, engine: str) -> bool:
        """Whether grading again would give the same: nothing that it rests on has changed."""
        mine = (self.submission_sha256, self.environment, self.tests, self.engine)
        return mine == (submission_sha256, environment, tests, engine)


@dataclass(frozen=True)
class Hand:
    """What a person wrote on one cell: points, a comment, or both."""

    notebook: str
    cell: str
    points: float | None
    comment: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Total:
    """A copy's score."""

    score: float
    max_score: float
    missing: int  # cells that still want points by hand


@dataclass(frozen=True)
class Published:
    """A graded copy as its author sees it, frozen when it was published."""

    course: str
    assignment: str
    person: str
    submission: str
    score: float
    max_score: float
    sha256: str  # the digest of a zip: one HTML page per notebook
    at: datetime
    by: str
