"""Grade an assignment of a course folder: every copy once, several at a time, each saved as soon as it is graded."""

import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from himalia_grade.assignment import Assignment, libraries_of
from himalia_grade.course_folder import Course, Submitted
from himalia_grade.gradebook import FAILURES, Book, opened
from himalia_grade.grader import Grader
from himalia_grade.models import CopyResult, Limits
from himalia_grade.release import ReleaseError, student_version
from himalia_grade.similarity import Alike, alike


@dataclass(frozen=True)
class Request:
    """What to grade and how."""

    folder: Path
    assignment: str
    student: str = "*"
    workers: int = 1
    force: bool = False
    sandbox: bool = True
    environment: Path | None = None
    limits: Limits = field(default_factory=Limits)
    seed: int = 0


@dataclass(frozen=True)
class Graded:
    """One copy's outcome; `result` None: it was graded before and has not changed."""

    student: str
    result: CopyResult | None


def grade_assignment(request: Request) -> Iterator[Graded]:
    """Grade and save, yielding each copy as it is done. Raises CourseError, GradebookError, EngineError."""
    course = Course.at(request.folder)
    name = request.assignment
    submitted = course.submitted(name, request.student)
    with opened(course.database, str(course.directory.course_id), course.config, name) as book:
        assignment = _assignment(course, book, name)
        waiting = [one for one in submitted if request.force or not course.graded_already(name, one)]
        yield from (Graded(one.student, None) for one in submitted if one not in waiting)
        create = bool(course.config.get("Autograde", {}).get("create_student", True))
        for one in waiting:
            book.enter(one.student, one.timestamp, create_student=create)
        for one, result in _graded(request, course, assignment, waiting):
            _save(course, book, request, one, result, assignment)
            yield Graded(one.student, result)


def similar(request: Request, results: Sequence[CopyResult]) -> list[Alike]:
    """Pairs of these copies that are alike, most alike first."""
    course = Course.at(request.folder)
    released = []
    for notebook in course.solved(request.assignment).values():
        with suppress(ReleaseError):  # what was handed out counts as everybody's own, where it cannot be known
            released.append(student_version(notebook, course.config))
    return alike({result.student: [notebook.executed for notebook in result.notebooks] for result in results}, released)


def failed(result: CopyResult) -> bool:
    """Whether nbgrader would have left this copy without marks."""
    return any(notebook.incident and notebook.incident.kind in FAILURES for notebook in result.notebooks)


def _assignment(course: Course, book: Book, name: str) -> Assignment:
    return Assignment(book.truths, libraries_of(course.solved(name)), course.source_files(name))


def _save(course: Course, book: Book, request: Request, one: Submitted, result: CopyResult, assignment: Assignment) -> None:
    book.save(result)
    if failed(result):
        # As with nbgrader: no graded copy, so that the next run tries it again.
        course.remove_graded(request.assignment, one.student)
    else:
        course.write_graded(request.assignment, one, result, assignment.files)


def _graded(
    request: Request, course: Course, assignment: Assignment, waiting: Sequence[Submitted]
) -> Iterator[tuple[Submitted, CopyResult]]:
    """Results as they come; the database is written by the caller's thread alone."""
    graders: queue.SimpleQueue[Grader] = queue.SimpleQueue()
    workers = max(1, min(request.workers, len(waiting)))
    limits = _limits(request, course)
    made = [Grader(request.environment, limits, sandbox=request.sandbox, config=course.config) for _ in range(workers)]
    for grader in made:
        graders.put(grader)
    pool = ThreadPoolExecutor(workers)
    try:
        ready = made[0].rehearsed(assignment, course.solved(request.assignment)) if waiting else assignment
        futures = {pool.submit(_grade_one, graders, ready, one, request.seed): one for one in waiting}
        yield from _in_turn(futures)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for grader in made:
            grader.close()


def _in_turn(futures: "dict[Future[CopyResult], Submitted]") -> Iterator[tuple[Submitted, CopyResult]]:
    for future in as_completed(futures):
        yield futures[future], future.result()


def _grade_one(graders: "queue.SimpleQueue[Grader]", assignment: Assignment, one: Submitted, seed: int) -> CopyResult:
    grader = graders.get()
    try:
        return grader.grade_copy(one.student, one.folder, assignment, seed)
    finally:
        graders.put(grader)


def _limits(request: Request, course: Course) -> Limits:
    """The limits asked for; the time of a cell as the course's nbgrader configuration has it."""
    timeout = course.config.get("Execute", {}).get("timeout", request.limits.cell_seconds)
    return replace(request.limits, cell_seconds=None if timeout is None or timeout <= 0 else float(timeout))
