"""What the exchange holds, put into the messages of the wire."""

from himalia_exchange.wire import AssignmentInfo, ReleaseInfo, SubmissionInfo
from sqlalchemy import Connection

from hub_services.courses import api as courses
from hub_services.exchange import api, store
from hub_services.exchange.models import Assignment, Release, Standing


def assignments(connection: Connection, course: str, person: str, drafts: bool) -> list[AssignmentInfo]:
    """The assignments of a course as `person` sees them."""
    released = store.latest_releases(connection, course)
    every = api.standings_of_person(connection, course, person, drafts)
    found = courses.course(connection, course)
    address = f"/courses/{found.slug}" if found else ""
    return [_assignment(standing, released.get(standing.assignment.name), address) for standing in every]


def submissions(connection: Connection, assignment: Assignment, person: str | None) -> list[SubmissionInfo]:
    """Submissions of an assignment, oldest first; of one person, or of all."""
    every = api.standings_of_assignment(connection, assignment)
    counting = {standing.counting.id for standing in every.values() if standing.counting}
    returned = {f.submission: f.sha256 for f in store.feedback_of(connection, assignment.course, assignment.name)}
    found = store.submissions_of(connection, assignment.course, assignment.name, person)
    shared = [name for name in SubmissionInfo.model_fields if name not in ("counts", "feedback_sha256")]
    return [
        SubmissionInfo(
            **{name: getattr(made, name) for name in shared},
            counts=made.id in counting,
            feedback_sha256=returned.get(made.id),
        )
        for made in found
    ]


def release(made: Release) -> ReleaseInfo:
    """What a release made."""
    return ReleaseInfo(**{name: getattr(made, name) for name in ReleaseInfo.model_fields})


def _assignment(standing: Standing, released: Release | None, address: str) -> AssignmentInfo:
    assignment = standing.assignment
    copied = ("name", "title", "kind", "state", "late_policy", "accepts", "version")
    return AssignmentInfo(
        **{name: getattr(assignment, name) for name in copied},
        deadline=standing.deadline,
        fetched_version=standing.fetched_version,
        submissions=len(standing.submissions),
        last_submitted=standing.submissions[-1].received_at if standing.submissions else None,
        feedback=standing.feedback is not None,
        page=f"{address}/{assignment.name}" if address else "",
        notebooks=tuple(file.path for file in released.files if file.path.endswith(".ipynb")) if released else (),
    )
