"""What goes into the engine and what comes out: frozen values, the same for the command and for a platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from himalia_grade.incidents import Incident

Notebook = dict[str, Any]
Cell = dict[str, Any]

MEBIBYTE = 1024 * 1024

FlagKind = Literal[
    "twin-passes",  # a test that was made wrong passes too: the interpreter or the answer was tampered with
    "forged-result",  # the copy's process sent what is not a result
    "source",  # the answer's text holds something that a reviewer should see
    "limit",  # a limit ended a cell, a notebook or the copy
    "cell-missing",
    "cell-changed",
    "similar",
    "unchecked",  # a test whose twins could not be tried
]


@dataclass(frozen=True)
class Limits:
    """What one copy may use. `cell_seconds` None: no limit but the copy's."""

    cell_seconds: float | None = 30.0
    copy_seconds: float = 600.0
    memory_bytes: int = 2048 * MEBIBYTE
    processes: int = 128
    output_bytes: int = 10 * MEBIBYTE  # of one cell, kept; the rest is dropped
    disk_bytes: int = 256 * MEBIBYTE
    files_bytes: int = 64 * MEBIBYTE  # of the files that the copy's code made, brought back
    files_count: int = 1000


@dataclass(frozen=True)
class Flag:
    """Something that a teacher should look at. It never changes a score by itself."""

    kind: FlagKind
    grade_id: str | None  # of the cell it is about, where there is one
    detail: str


@dataclass(frozen=True)
class CopyTask:
    """One copy to grade.

    `source` holds the assignment's solved notebooks by name, without suffix, as nbgrader's source folder has them;
    `submitted` is the folder that was handed in. `files` are the assignment's other files, by their path relative to
    the assignment: they take the place of the student's, as with nbgrader. `seed` decides every random choice.
    """

    student: str
    source: Mapping[str, Notebook]
    submitted: Path
    files: Mapping[str, bytes] = field(default_factory=dict)
    seed: int = 0


@dataclass(frozen=True)
class CellScore:
    """The score of one cell: `auto_score` None means that a person must look."""

    grade_id: str
    auto_score: float | None
    max_score: float
    needs_manual_grade: bool
    automatic: bool = True  # False: nothing that a program scores: a task, or a cell that the copy has not got
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class NotebookResult:
    """One notebook as executed, hidden tests included: show it to students only through `feedback`."""

    name: str
    score: float
    max_score: float
    cells: tuple[CellScore, ...]
    executed: Notebook
    reason: str = ""
    incident: Incident | None = None  # what `reason` says, to be said in French too
    comments: Mapping[str, str | None] = field(default_factory=dict)  # nbgrader's automatic ones, by answer cell


@dataclass(frozen=True)
class CopyResult:
    """One graded copy. `reason` says in plain words what kept it from being graded wholly; empty if nothing did."""

    student: str
    score: float
    max_score: float
    flags: tuple[Flag, ...]
    reason: str
    seconds: float
    cpu_seconds: float
    notebooks: tuple[NotebookResult, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
