"""A grading run: the job that grades an assignment's copies, one write per copy, each fenced by the attempt."""

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from himalia_exchange import archive
from himalia_grade.models import CopyResult, NotebookResult
from sqlalchemy import Connection

from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.grading import store
from hub_services.grading.compare import compare
from hub_services.grading.models import Cell, Copy, Flag, Notebook
from hub_services.grading.runners.work import CannotGrade, Work
from hub_services.web.i18n import N_, translator
from hub_services.web.jobs import ClaimedJob, JobFailed
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal

KIND = "grade"


def ask(platform: Platform, connection: Connection, course: str, assignment: str, by: str, again: bool = False) -> int:
    """Ask for a run over `assignment`: copies that changed, or with `again` all. A second press finds the same job."""
    payload = {"course": course, "assignment": assignment, "again": again}
    return platform.jobs.enqueue(connection, kind=KIND, key=key(course, assignment), payload=payload, course=course, asked_by=by)


def key(course: str, assignment: str) -> str:
    """The job's key: one live run per assignment."""
    return f"{course}/{assignment}"


def grade(platform: Platform, job: ClaimedJob) -> dict[str, Any]:
    """Grade what the payload names. Raises JobFailed when there is nothing that can be graded."""
    with platform.database.read() as connection:
        course, assignment = _named(connection, job)
        pending = _pending(connection, assignment, course.environment, job.payload["again"])
    source = assignment.source or ""
    work = _work(platform, course, source, {p: s.sha256 for p, s in pending.items()})
    words = translator(course.language)
    done = 0
    job.progress(done, len(pending))
    for result in _results(platform, job, work):
        submission = pending[result.student]
        _keep(platform, job, _copy(platform, result, submission, course, source))
        done += 1
        job.progress(done, len(pending))
        what = {"done": done, "total": len(pending), "seconds": f"{result.seconds:.1f}"}
        job.log(words.gettext(N_("Copy %(done)s of %(total)s: %(seconds)s s"), what))
    if done and done == len(pending):
        compare(platform, job, course, assignment)
    return {"graded": done, "cancelled": done < len(pending)}


def _results(platform: Platform, job: ClaimedJob, work: Work) -> Iterator[CopyResult]:
    # Imported here: nbgrader takes seconds and memory, which the web application need not pay.
    from hub_services.grading.runners.local import grade_copies

    try:
        yield from grade_copies(platform.settings, platform.files, work, job.cancelled)
    except CannotGrade as error:
        raise JobFailed(str(error)) from error


def _named(connection: Connection, job: ClaimedJob) -> tuple[courses.Course, exchange.Assignment]:
    course = courses.course(connection, job.payload["course"])
    try:
        assignment = exchange.assignment(connection, job.payload["course"], job.payload["assignment"])
    except Refusal as refusal:
        raise JobFailed(refusal.detail) from refusal
    if course is None or assignment.source is None:
        raise JobFailed(N_("This assignment has no source any more; nothing was graded."))
    return course, assignment


def _pending(
    connection: Connection, assignment: exchange.Assignment, environment: str, again: bool
) -> Mapping[str, exchange.Submission]:
    """The submissions that count, by person; unless `again`, those not graded yet as they are now."""
    known = store.copies_of(connection, assignment.course, assignment.name)
    counting = {s.person: s for s in exchange.counting_submissions(connection, assignment)}
    if again:
        return counting
    made_by = (environment, assignment.source or "", engine())
    return {p: s for p, s in counting.items() if p not in known or not known[p].is_of(s.sha256, *made_by)}


def engine() -> str:
    """What grades: the engine and its version, written beside each score."""
    return f"himalia-grade {version('himalia-grade')}"


def read_source(content: bytes) -> tuple[dict[str, dict[str, Any]], dict[str, bytes]]:
    """A source's notebooks by name without suffix, and its other files."""
    files = archive.unpack(content)
    notebooks = {n: c for n, c in files.items() if n.endswith(".ipynb") and "/" not in n}
    others = {n: c for n, c in files.items() if n not in notebooks}
    return {n.removesuffix(".ipynb"): json.loads(c) for n, c in notebooks.items()}, others


def _work(platform: Platform, course: courses.Course, source: str, copies: Mapping[str, str]) -> Work:
    notebooks, files = read_source(platform.files.read(source))
    return Work(course.environment, notebooks, files, course.language, copies)


def _keep(platform: Platform, job: ClaimedJob, copy: Copy) -> None:
    with platform.database.begin() as connection:
        job.fence(connection)
        store.put_copy(connection, copy)


def _copy(platform: Platform, result: CopyResult, submission: exchange.Submission, course: courses.Course, source: str) -> Copy:
    executed = {f"{n.name}.ipynb": json.dumps(n.executed).encode() for n in result.notebooks}
    reasons = [_reason(notebook, course.language) for notebook in result.notebooks]
    return Copy(
        course=submission.course,
        assignment=submission.assignment,
        person=result.student,
        submission=submission.id,
        submission_sha256=submission.sha256,
        environment=course.environment,
        tests=source,
        engine=engine(),
        executed=platform.files.put(archive.pack(executed)),
        notebooks=tuple(_notebook(n, reason) for n, reason in zip(result.notebooks, reasons, strict=True)),
        flags=tuple(Flag(f.kind, f.grade_id or "", f.detail) for f in result.flags),
        reason=" ".join(dict.fromkeys(filter(None, reasons))) or result.reason,
        seconds=result.seconds,
        cpu_seconds=result.cpu_seconds,
        graded_at=platform.now(),
    )


def _reason(notebook: NotebookResult, language: str) -> str:
    """What happened to a notebook, in the course's language."""
    return notebook.incident.sentence("fr" if language == "fr" else "en") if notebook.incident else notebook.reason


def _notebook(result: NotebookResult, reason: str) -> Notebook:
    cells = [Cell(c.grade_id, c.max_score, c.auto_score, c.needs_manual_grade) for c in result.cells]
    return Notebook(result.name, reason, tuple(cells))
