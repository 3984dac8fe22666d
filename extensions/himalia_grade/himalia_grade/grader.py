"""The engine: a warm interpreter, copies graded in it one after another."""

import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from nbformat.notebooknode import NotebookNode
from traitlets.config import Config

from himalia_grade import copy_files, flags, formats
from himalia_grade.assignment import Assignment, foreign_kernel, of_source, twins_of
from himalia_grade.conversation import Conversation, Execution
from himalia_grade.copy_files import HandedIn
from himalia_grade.incidents import Incident
from himalia_grade.models import MEBIBYTE, CellScore, CopyResult, CopyTask, Flag, Limits, Notebook, NotebookResult
from himalia_grade.protocol import ForgedError, HungUpError, TooLateError
from himalia_grade.rehearsal import Rehearsal, needs_running, rehearse
from himalia_grade.rules import Rules, comments
from himalia_grade.truth import Truth
from himalia_grade.warm import Copy, EngineError, Warm, elapsed

# Who reaches into the interpreter might guess which trial is the test: the more twins, the poorer the guess.
_TWINS_OF_FLAGGED = 5
_UNCHECKED = "something ran beside the test or made its twin loop, so that it could not be tried wrong"
_ENVIRONMENT = {"NBGRADER_EXECUTION": "autograde"}


class Grader:
    """Grades copies, one at a time; for several at once make several. Use it as a context manager.

    `environment` is the folder of a virtual environment with ipykernel in it, this program's own if None. With
    `sandbox`, copies run behind walls and `grade` raises EngineError where none can be had.
    """

    def __init__(
        self,
        environment: Path | None = None,
        limits: Limits | None = None,
        *,
        sandbox: bool = True,
        config: Config | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._python = environment / "bin" / "python" if environment else Path(sys.executable)
        self._isolated = sandbox
        self._config = config or Config()
        self._rules = Rules(self._config)
        self._warm: Warm | None = None
        self._preloaded: tuple[str, ...] = ()
        self._assignments: dict[str, Assignment] = {}

    def __enter__(self) -> "Grader":
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the warm interpreter. The next copy starts another."""
        if self._warm:
            self._warm.close()
            self._warm = None

    def grade(self, task: CopyTask) -> CopyResult:
        """Grade one copy. Never raises for what a student did; EngineError and ReleaseError are the teacher's to solve."""
        return self.grade_copy(task.student, task.submitted, self.assignment(task), task.seed)

    def assignment(self, task: CopyTask) -> Assignment:
        """The task's assignment made ready; remembered, since copies of one assignment come in a row."""
        key = _digest(task.source, task.files)
        if key not in self._assignments:
            assignment = of_source(task.source, task.files, self._config)
            self._assignments = {key: self.rehearsed(assignment, task.source)}
        return self._assignments[key]

    def rehearsed(self, assignment: Assignment, source: Mapping[str, Notebook]) -> Assignment:
        """The assignment, knowing which of its tests' twins tell nothing, since the model solution passes them."""
        if not any(needs_running(notebook) for notebook in source.values()):
            return assignment
        try:
            return replace(assignment, vacuous=self.rehearse(source, assignment).vacuous)
        except (ForgedError, HungUpError, TooLateError):
            return assignment  # the solution cannot be run; copies are graded all the same

    def rehearse(self, source: Mapping[str, Notebook], assignment: Assignment) -> Rehearsal:
        """Grade the model solution itself: what a teacher should know of the tests before release."""
        with self.open_copy(assignment.preload) as copy:
            copy.place(assignment.files)
            return rehearse(copy, source, _ENVIRONMENT, self.limits)

    def grade_copy(self, student: str, submitted: Path, assignment: Assignment, seed: int = 0) -> CopyResult:
        """Grade the folder `submitted` against an assignment that is ready."""
        started = time.monotonic()
        handed_in = copy_files.read(submitted, self.limits.disk_bytes // 2)
        with ExitStack() as held:
            run = _Run(self, assignment, handed_in, dice(seed, student), seed, started, held)
            notebooks = tuple(run.notebook(truth) for truth in assignment.truths)
            cpu_seconds, files = run.finish()
        seen = tuple(flag for notebook in notebooks for cell in notebook.cells for flag in cell.flags)
        return CopyResult(
            student=student,
            score=sum(notebook.score for notebook in notebooks),
            max_score=assignment.max_score,
            flags=(*seen, *run.flags),
            reason=" ".join(f"{notebook.name}: {notebook.reason}" for notebook in notebooks if notebook.reason),
            seconds=elapsed(started),
            cpu_seconds=cpu_seconds,
            notebooks=notebooks,
            files=files,
        )

    @contextmanager
    def open_copy(self, preload: tuple[str, ...]) -> Iterator[Copy]:
        """A process for one copy. An interpreter that has died meanwhile is replaced, once. Raises EngineError."""
        with ExitStack() as held:
            try:
                copy = held.enter_context(self._ready(preload).copy())
            except EngineError:
                self.close()
                copy = held.enter_context(self._ready(preload).copy())
            yield copy

    def _ready(self, preload: tuple[str, ...]) -> Warm:
        if self._warm and not (self._warm.usable and set(preload) <= set(self._preloaded)):
            self.close()
        if self._warm is None:
            self._preloaded = preload
            self._warm = Warm.start(self._python, preload, self.limits, isolated=self._isolated)
        return self._warm

    @property
    def language(self) -> Mapping[str, Any]:
        return self._warm.language if self._warm else {}

    @property
    def rules(self) -> Rules:
        return self._rules


@dataclass
class _Run:
    """One copy on its way: its process is opened by the first notebook that has code."""

    grader: Grader
    assignment: Assignment
    handed_in: HandedIn
    dice: random.Random
    seed: int
    started: float
    held: ExitStack
    copy: Copy | None = None

    def __post_init__(self) -> None:
        self.flags: list[Flag] = []

    def notebook(self, truth: Truth) -> NotebookResult:
        """Sanitize, execute and score one notebook."""
        content = self.handed_in.notebooks.get(truth.name)
        if content is None:
            return _all_zero(truth, Incident("missing"))
        try:
            submitted = formats.read(content)
            changed = flags.of_tests(submitted, truth)
            node = self.grader.rules.sanitized(submitted, truth)
        except Exception as error:  # whatever nbformat, jsonschema and nbgrader raise at a stranger's file
            return _all_zero(truth, Incident("unreadable", _first_line(error)))
        kernel = foreign_kernel(node)
        if kernel:
            return _all_zero(truth, Incident("kernel", kernel))
        seen = flags.of_sources(node, truth)
        self.flags += (*changed, *seen)
        return self._executed(node, truth, _TWINS_OF_FLAGGED if seen else 1)

    def finish(self) -> tuple[float, dict[str, bytes]]:
        """The processor time of the copy and the files that it made."""
        if self.copy is None:
            return 0.0, {}
        try:
            self.copy.stop()
            return self.copy.cpu_seconds(), self.copy.collect()
        except (ForgedError, HungUpError, TooLateError) as error:
            self.flags.append(Flag("forged-result", None, f"the copy's files could not be brought back: {error}"))
            return 0.0, {}

    def _executed(self, node: NotebookNode, truth: Truth, number: int) -> NotebookResult:
        execution = Execution()
        if any(cell.cell_type == "code" and cell.source.strip() for cell in node.cells):
            try:
                execution = self._execute(node, number)
            except (HungUpError, TooLateError, ForgedError) as error:
                return _all_zero(truth, self._lost(error))
        finished = self.grader.rules.finished(node)
        scores = tuple(_flagged(score, execution) for score in self.grader.rules.scores(finished, truth))
        return NotebookResult(
            name=truth.name,
            score=sum(score.auto_score or 0.0 for score in scores),
            max_score=truth.max_score,
            cells=(*scores, *_missing(truth, scores)),
            executed=dict(finished),
            reason=execution.incident.sentence() if execution.incident else "",
            incident=execution.incident,
            comments=comments(finished),
        )

    def _execute(self, node: NotebookNode, number: int) -> Execution:
        copy = self._open()
        node.metadata["language_info"] = dict(self.grader.language)
        line = copy.start_notebook(_ENVIRONMENT, self.seed)
        try:
            limits = self.grader.limits
            twins = twins_of(node, self.dice, self.assignment.vacuous, number)
            return Conversation(copy, line, limits, self.started + limits.copy_seconds, self.dice).run(node, twins)
        finally:
            line.close()
            copy.stop()

    def _lost(self, error: Exception) -> Incident:
        """Why the copy's keeper does not answer."""
        if self.copy and self.copy.out_of_memory():
            return Incident("memory", f"{self.grader.limits.memory_bytes // MEBIBYTE}")
        return Incident("engine", f"{error}.")

    def _open(self) -> Copy:
        if self.copy is None:
            self.copy = self.held.enter_context(self.grader.open_copy(self.assignment.preload))
            self.copy.place({**self.handed_in.files, **self.assignment.files})
        return self.copy


def _flagged(score: CellScore, execution: Execution) -> CellScore:
    name = score.grade_id
    found = list(score.flags)
    if execution.passed.get(name):
        found.append(Flag("twin-passes", name, execution.passed[name][0]))
    if name in execution.unchecked and score.auto_score:
        found.append(
            Flag(
                "unchecked",
                name,
                _UNCHECKED,
            )
        )
    if name in execution.timed_out:
        found.append(Flag("limit", name, "the cell was interrupted at its time limit"))
    return replace(score, flags=tuple(found))


def _missing(truth: Truth, scores: tuple[CellScore, ...]) -> tuple[CellScore, ...]:
    """Graded cells that the copy has not got; nbgrader leaves them to a person, and so do we."""
    there = {score.grade_id for score in scores}
    return tuple(
        CellScore(
            cell.name,
            None,
            cell.max_score,
            needs_manual_grade=True,
            automatic=False,
            flags=() if cell.task else (Flag("cell-missing", cell.name, "the copy has no such cell"),),
        )
        for name, cell in truth.graded.items()
        if name not in there
    )


def _all_zero(truth: Truth, incident: Incident) -> NotebookResult:
    manual = incident.kind != "missing"
    cells = tuple(
        CellScore(cell.name, None if manual else 0.0, cell.max_score, needs_manual_grade=manual) for cell in truth.graded.values()
    )
    return NotebookResult(truth.name, 0.0, truth.max_score, cells, {}, incident.sentence(), incident)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]


def dice(seed: int, student: str) -> random.Random:
    """Chance that comes out the same for the same copy; nothing is kept secret by it."""
    return random.Random(f"{seed}/{student}")  # noqa: S311


def _digest(source: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(json.dumps(source, sort_keys=True).encode())
    for name, data in sorted(files.items()):
        digest.update(f"\0{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()
