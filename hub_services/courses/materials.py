"""The files of a course that are no assignment: brought by a form, a git address or the command line, kept as one zip."""

import zipfile
from collections.abc import Mapping
from typing import Any

from himalia_exchange.archive import ArchiveRefused, pack
from himalia_exchange.archive import Limits as ArchiveLimits
from sqlalchemy import Connection

from hub_config.settings.model import Settings
from hub_services.courses import build, intake, requirements, store
from hub_services.courses.clone import CloneRefused, clone
from hub_services.courses.contained import Stopped
from hub_services.courses.intake import MEBIBYTE, Intake, Limits
from hub_services.courses.models import Course
from hub_services.courses.repository import Repository
from hub_services.courses.sentences import Sentence
from hub_services.courses.sentences import pack as packed
from hub_services.people.api import Person, audit, person
from hub_services.web.i18n import N_, translator
from hub_services.web.jobs import ClaimedJob, Job, JobFailed
from hub_services.web.platform import Platform

IMPORT = "import"
_COPYING = N_("Copying %(address)s…")
_COPIED = N_("%(count)s files copied.")
_BUILD_NEXT = N_("The repository has a requirements.txt: its environment is being built.")
_LIST_PROBLEM = N_("The list requirements.txt was not taken:")


def limits_of(settings: Settings) -> Limits:
    """How much a course may hold here."""
    return Limits(settings.exchange.course_file_mebibytes * MEBIBYTE, settings.courses.materials_mebibytes * MEBIBYTE)


def archive_limits(settings: Settings) -> ArchiveLimits:
    """The same for the archive."""
    own = limits_of(settings)
    return ArchiveLimits(total_bytes=own.total, file_bytes=own.file)


def take(settings: Settings, files: Mapping[str, bytes], *, needs_notebook: bool = False) -> tuple[Intake, bytes]:
    """Sort files and pack what people will get; an empty zip is empty bytes. Problems are in the Intake."""
    sorted_files = intake.sort(files, limits_of(settings), needs_notebook=needs_notebook)
    if sorted_files.problems or not sorted_files.materials:
        return sorted_files, b""
    try:
        return sorted_files, pack(sorted_files.materials)
    except ArchiveRefused as error:
        return Intake({}, None, (), (intake.refused(error),)), b""


def keep(platform: Platform, connection: Connection, course: Course, who: str, zipped: bytes) -> None:
    """Make `zipped` the files of `course`, in place of the former ones; nobody's own copy is touched."""
    digest = platform.files.put(zipped) if zipped else ""
    store.update_course(connection, course.key, materials=digest)
    audit(platform, connection, who, "course-files", course=course.key, detail=digest)


def listed(platform: Platform, course: Course) -> Mapping[str, int]:
    """The names and sizes of a course's files."""
    if not course.materials:
        return {}
    with zipfile.ZipFile(platform.files.path(course.materials)) as archive:  # our own: its table of contents is true
        return {entry.filename: entry.file_size for entry in archive.infolist()}


def ask_import(
    platform: Platform, connection: Connection, person: Person, course: Course, repository: Repository, language: str
) -> int:
    """Enqueue the copy of a repository; while one is under way, that one."""
    payload = {"repository": repository.__dict__, "language": language}
    audit(platform, connection, person.id, "course-import", course=course.key, detail=repository.url)
    return platform.jobs.enqueue(connection, kind=IMPORT, key=course.key, course=course.key, payload=payload, asked_by=person.id)


def latest_import(platform: Platform, connection: Connection, course: Course) -> Job | None:
    """The newest copy of a repository for `course`, under way or not."""
    return platform.jobs.latest(connection, IMPORT, course.key)


def handle(platform: Platform, job: ClaimedJob) -> dict[str, Any]:
    """The job: copy, sort, keep, and ask for the environment, all or nothing. Raises JobFailed with packed sentences."""
    repository = Repository(**job.payload["repository"])
    words = translator(job.payload["language"])
    job.log(Sentence(_COPYING, {"address": repository.url}).show(words))
    try:
        files = clone(platform.settings, repository, limits_of(platform.settings), job.cancelled)
    except Stopped:
        return {"cancelled": True}
    except CloneRefused as refused:
        raise JobFailed(packed(refused.sentences)) from refused
    taken, zipped = take(platform.settings, files, needs_notebook=True)
    if taken.problems:
        raise JobFailed(packed(taken.problems))
    job.log(Sentence(_COPIED, {"count": len(taken.materials)}).show(words))
    notes = _finish(platform, job, taken, zipped)
    for note in (*taken.notes, *notes):
        job.log(note.show(words))
    return {"files": len(taken.materials), "notes": packed((*taken.notes, *notes))}


def _finish(platform: Platform, job: ClaimedJob, taken: Intake, zipped: bytes) -> tuple[Sentence, ...]:
    """Keep the files and ask for their environment, in the transaction that still holds the job."""
    with platform.database.begin() as connection:
        job.fence(connection)
        course, who = store.course(connection, job.course), person(connection, job.asked_by)
        if course is None or who is None:
            return ()
        keep(platform, connection, course, who.id, zipped)
        read = requirements.read(taken.requirements or "")
        if read.problems:
            return (Sentence(_LIST_PROBLEM), *read.problems)
        if taken.requirements is None and course.environment:
            return ()
        asked = build.ask_if_new(platform, connection, who, course, taken.requirements or "", job.payload["language"])
    return (Sentence(_BUILD_NEXT),) if asked and taken.requirements else ()
