"""A grading run: the job that grades an assignment's copies, one write per copy, each fenced by the attempt."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from himalia_exchange import archive
from himalia_grade.models import CopyResult
from sqlalchemy import Connection

from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.grading import store
from hub_services.grading.models import Cell, Copy, Flag, Notebook
from hub_services.grading.runners.local import Work, grade_copies
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
    work = _work(platform, course.environment, source, {p: s.sha256 for p, s in pending.items()})
    words = translator(course.language)
    done = 0
    job.progress(done, len(pending))
    for result in grade_copies(platform.settings, platform.files, work, job.cancelled):
        _keep(platform, job, _copy(platform, result, pending[result.student], course.environment, source))
        done += 1
        job.progress(done, len(pending))
        what = {"done": done, "total": len(pending), "seconds": f"{result.seconds:.1f}"}
        job.log(words.gettext(N_("Copy %(done)s of %(total)s: %(seconds)s s"), what))
    return {"graded": done, "cancelled": done < len(pending)}


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


def _work(platform: Platform, environment: str, source: str, copies: Mapping[str, str]) -> Work:
    notebooks, files = read_source(platform.files.read(source))
    return Work(environment, notebooks, files, copies)


def _keep(platform: Platform, job: ClaimedJob, copy: Copy) -> None:
    with platform.database.begin() as connection:
        job.fence(connection)
        store.put_copy(connection, copy)


def _copy(platform: Platform, result: CopyResult, submission: exchange.Submission, environment: str, source: str) -> Copy:
    executed = {f"{n.name}.ipynb": json.dumps(n.executed).encode() for n in result.notebooks}
    return Copy(
        course=submission.course,
        assignment=submission.assignment,
        person=result.student,
        submission=submission.id,
        submission_sha256=submission.sha256,
        environment=environment,
        tests=source,
        engine=engine(),
        executed=platform.files.put(archive.pack(executed)),
        notebooks=tuple(Notebook(n.name, n.reason, tuple(_cell(c) for c in n.cells)) for n in result.notebooks),
        flags=tuple(Flag(f.kind, f.grade_id or "", f.detail) for f in result.flags),
        reason=result.reason,
        seconds=result.seconds,
        cpu_seconds=result.cpu_seconds,
        graded_at=platform.now(),
    )


def _cell(cell: Any) -> Cell:
    known = asdict(cell)
    return Cell(known["grade_id"], known["max_score"], known["auto_score"], known["needs_manual_grade"])
