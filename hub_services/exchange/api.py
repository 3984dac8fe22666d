"""All of the exchange that a higher feature may use. Each promise is in the function's docstring.

No function here asks who is calling: the caller has checked, with `people.api.require`, the right that is named.
What takes a `connection` is part of the caller's transaction; what takes none makes its own, because it also writes files.
"""

from himalia_exchange.archive import unpack
from sqlalchemy import Connection

from hub_services.exchange import standings, store
from hub_services.exchange.edit import create, delete, edit, extend, take_back_extension, withdraw
from hub_services.exchange.feedback import files as feedback_files
from hub_services.exchange.feedback import own_archive as own_feedback
from hub_services.exchange.feedback import publish as publish_feedback
from hub_services.exchange.feedback import take_back as take_back_feedback
from hub_services.exchange.fetch import fetch
from hub_services.exchange.find import assignment
from hub_services.exchange.hooks import on_submitted
from hub_services.exchange.models import (
    DEFAULT_ACCEPTS,
    Assignment,
    AssignmentEdit,
    Extension,
    Feedback,
    Fetch,
    Release,
    Standing,
    Submission,
)
from hub_services.exchange.release import preview, release, release_as_is, students_files
from hub_services.exchange.rules import accepted_types
from hub_services.exchange.source import put_source, source
from hub_services.exchange.submit import receipt, receipt_text, submit
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal

__all__ = [
    "DEFAULT_ACCEPTS",
    "NO_SUCH_SUBMISSION",
    "Assignment",
    "AssignmentEdit",
    "Extension",
    "Feedback",
    "Fetch",
    "Release",
    "Standing",
    "Submission",
    "accepted_types",
    "assignment",
    "assignments",
    "counting_submissions",
    "create",
    "delete",
    "edit",
    "extend",
    "extensions",
    "feedback",
    "feedback_files",
    "fetch",
    "files_of",
    "on_submitted",
    "own_feedback",
    "preview",
    "publish_feedback",
    "put_source",
    "receipt",
    "receipt_text",
    "release",
    "release_as_is",
    "releases",
    "source",
    "standings_of_assignment",
    "standings_of_person",
    "students_files",
    "submission",
    "submissions",
    "submit",
    "take_back_extension",
    "take_back_feedback",
    "withdraw",
    "zip_of",
]


NO_SUCH_SUBMISSION = Refusal(404, N_("There is no such submission"), N_("The page of the assignment lists what was handed in."))


def assignments(connection: Connection, course: str) -> list[Assignment]:
    """The assignments of a course in its order, drafts included (Right.AUTHOR)."""
    return store.assignments_of(connection, course)


def standings_of_person(connection: Connection, course: str, person: str, drafts: bool = False) -> list[Standing]:
    """How `person` stands with each assignment of `course` that students see; with `drafts`, with every one.

    Own state only: Right.OPEN is enough. An assignment that was withdrawn is shown to whoever handed something in.
    """
    every = standings.of_person(connection, course, person)
    return [s for s in every if drafts or s.assignment.is_released or (s.submissions and s.assignment.version)]


def standings_of_assignment(connection: Connection, assignment: Assignment) -> dict[str, Standing]:
    """How people stand with one assignment, by person: who fetched, handed in, has an extension (Right.READ_COPIES).

    Members who did none of it are not there; whoever left the course but handed in is.
    """
    return standings.of_assignment(connection, assignment)


def counting_submissions(connection: Connection, assignment: Assignment) -> list[Submission]:
    """The submissions that are graded, one per person, by person: the rule of late ones applied (Right.READ_COPIES)."""
    return [s.counting for s in standings.of_assignment(connection, assignment).values() if s.counting]


def submission(connection: Connection, course: str, id: str) -> Submission:
    """A submission of that course. Whose it is must be checked: own, or Right.READ_COPIES. Raises Refusal."""
    found = store.submission(connection, id)
    if found is None or found.course != course:
        raise NO_SUCH_SUBMISSION
    return found


def submissions(connection: Connection, course: str, name: str | None = None, person: str | None = None) -> list[Submission]:
    """Submissions of a course, an assignment, a person, oldest first. Own, or Right.READ_COPIES."""
    return store.submissions_of(connection, course, name, person)


def zip_of(platform: Platform, submission: Submission) -> bytes:
    """The zip as it was handed in: its SHA-256 is the receipt's."""
    return platform.files.read(submission.sha256)


def files_of(platform: Platform, submission: Submission) -> dict[str, bytes]:
    """The files that were handed in, by their path."""
    return unpack(zip_of(platform, submission))


def releases(connection: Connection, course: str, name: str) -> list[Release]:
    """The versions that were released, oldest first (Right.AUTHOR)."""
    return store.releases_of(connection, course, name)


def extensions(connection: Connection, course: str, name: str) -> list[Extension]:
    """The extensions that were given (Right.READ_COPIES)."""
    return store.extensions_of(connection, course, name)


def feedback(connection: Connection, course: str, name: str | None = None, person: str | None = None) -> list[Feedback]:
    """The graded copies that are published, oldest first. Own, or Right.READ_COPIES."""
    return store.feedback_of(connection, course, name, person)
