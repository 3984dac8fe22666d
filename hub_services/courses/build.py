"""Ask for an environment, build it as a job, put it in service, go back to an older one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from hub_services.courses import requirements, store
from hub_services.courses.builders import PHASES, BuildCancelled, Builder, BuildRefused, BuildRequest, Built
from hub_services.courses.builders.local import LocalBuilder
from hub_services.courses.models import Course, Environment
from hub_services.courses.sentences import Sentence, pack
from hub_services.people.api import Person, audit
from hub_services.web.i18n import N_, Translator, translator
from hub_services.web.jobs import ClaimedJob, Job, JobFailed
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal

BUILD = "build"
_SQUAT = N_("Careful: %(name)s is not %(meant)s, a much used package whose name differs by one letter. Is that what you meant?")
_DONE = N_("In service: the next workspace that opens in this course has it.")
_GONE = N_("This environment is no longer on the disk. Build its list again: the same versions are not promised.")


def ask(
    platform: Platform,
    connection: Connection,
    person: Person,
    course: Course,
    text: str,
    language: str,
    notes: Sequence[Sentence] = (),
) -> int:
    """Enqueue the build of a list for `course`; while one is under way, that one. The list must have no problems.

    An empty list means the site's default one. `notes` are shown beside the build.
    """
    listed = text if requirements.read(text).lines else default_list(platform)
    payload = {"requirements": listed, "language": language, "notes": pack(notes)}
    audit(platform, connection, person.id, "environment-asked", course=course.key)
    return platform.jobs.enqueue(connection, kind=BUILD, key=course.key, course=course.key, payload=payload, asked_by=person.id)


def ask_if_new(
    platform: Platform, connection: Connection, person: Person, course: Course, text: str, language: str
) -> int | None:
    """The same, unless the environment in service was built from this very list; the job, if there is one."""
    latest = next(iter(store.history(connection, course.key, limit=1)), None)
    wanted = requirements.read(text).lines or requirements.read(default_list(platform)).lines
    if latest and requirements.read(latest.requirements).lines == wanted:
        return None
    return ask(platform, connection, person, course, text, language)


def default_list(platform: Platform) -> str:
    """What a course has that names no packages, one on each line."""
    return "\n".join(platform.settings.environments.default_requirements)


def latest(platform: Platform, connection: Connection, course: Course) -> Job | None:
    """The newest build of `course`, under way or not."""
    return platform.jobs.latest(connection, BUILD, course.key)


def cancel(platform: Platform, connection: Connection, person: Person, course: Course) -> None:
    """Ask for the end of the build under way, if there is one."""
    job = latest(platform, connection, course)
    if job and job.is_live:
        platform.jobs.cancel(connection, job.id)
        audit(platform, connection, person.id, "environment-cancelled", course=course.key)


def use(platform: Platform, connection: Connection, person: Person, course: Course, digest: str) -> None:
    """Put an environment that the course had before in service again. Raises Refusal."""
    former = next((entry for entry in store.history(connection, course.key) if entry.environment.digest == digest), None)
    if former is None:
        detail = N_("This course never had that environment. Choose one of its list.")
        raise Refusal(404, N_("No such environment"), detail)
    if not builder_of(platform).has(digest):
        raise Refusal(409, N_("No such environment"), _GONE)
    store.put_in_service(connection, course.key, digest, requirements=former.requirements, by=person.id, now=platform.now())
    audit(platform, connection, person.id, "environment-chosen", course=course.key, detail=digest)


def builder_of(platform: Platform) -> Builder:
    """Where this site builds."""
    return LocalBuilder(platform.settings)


def handle(platform: Platform, job: ClaimedJob) -> dict[str, Any]:
    """The job: build, record, put in service, all or nothing. Raises JobFailed with packed sentences."""
    read = requirements.read(job.payload["requirements"])
    listener = _JobListener(job, translator(job.payload["language"]))
    for name, meant in requirements.squats(read.names).items():
        listener.say(Sentence(_SQUAT, {"name": name, "meant": meant}))
    try:
        built = builder_of(platform).build(BuildRequest(read.lines, read.names), listener)
    except BuildCancelled:
        return {"cancelled": True}
    except BuildRefused as refused:
        raise _failed(listener, refused.sentences) from refused
    listener.phase(PHASES - 1)
    _record(platform, job, built)
    listener.say(Sentence(_DONE))
    return {"environment": built.digest, "reused": built.reused}


def _record(platform: Platform, job: ClaimedJob, built: Built) -> None:
    now = platform.now()
    environment = Environment(built.digest, built.lock, built.python, built.packages, built.size, now)
    with platform.database.begin() as connection:
        job.fence(connection, done=PHASES, total=PHASES)
        store.put_environment(connection, environment)
        store.put_in_service(
            connection,
            job.course,
            built.digest,
            requirements=job.payload["requirements"],
            by=job.asked_by,
            now=now,
        )


def _failed(listener: "_JobListener", sentences: Sequence[Sentence]) -> JobFailed:
    for sentence in sentences:
        listener.say(sentence)
    return JobFailed(pack(sentences))


class _JobListener:
    """Follows a build for whoever watches its page, in the language of who asked."""

    def __init__(self, job: ClaimedJob, words: Translator) -> None:
        self._job = job
        self._words = words

    def say(self, sentence: Sentence) -> None:
        self._job.log(sentence.show(self._words))

    def phase(self, number: int) -> None:
        self._job.progress(number, PHASES)

    def cancelled(self) -> bool:
        return self._job.cancelled()
