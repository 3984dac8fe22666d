"""The exchange for user servers: a server's token in, zips and messages out; no cookie counts here."""

from typing import Annotated

from fastapi import APIRouter, Header
from himalia_exchange.wire import IDEMPOTENCY_KEY, ZIP, AssignmentInfo, FeedbackInfo, Receipt, ReleaseInfo, SubmissionInfo
from starlette.responses import Response

from hub_config.access.roles import Right
from hub_services.courses import api as courses
from hub_services.exchange import answers, api
from hub_services.exchange.body import CourseZip, SubmissionZip
from hub_services.exchange.feedback import publish_archive
from hub_services.exchange.token import Holder, TokenHolder

router = APIRouter(prefix="/api/exchange")


@router.get("/assignments")
def assignments(holder: TokenHolder) -> list[AssignmentInfo]:
    """The assignments that the holder may see."""
    holder.require(Right.OPEN)
    with holder.platform.database.read() as connection:
        return answers.assignments(connection, holder.course, holder.person, holder.membership.may(Right.AUTHOR))


@router.get("/materials")
def materials(holder: TokenHolder) -> Response:
    """The course's files that are no assignment; 204 when there are none."""
    holder.require(Right.OPEN)
    with holder.platform.database.read() as connection:
        digest = courses.materials(connection, holder.course)
    return _zip(holder.platform.files.read(digest), "materials") if digest else Response(status_code=204)


@router.get("/assignments/{name}/release")
def fetch(name: str, holder: TokenHolder) -> Response:
    """The released version; that it was fetched is recorded."""
    holder.require(Right.SUBMIT)
    release, content = api.fetch(holder.platform, holder.course, holder.person, name)
    return _zip(content, f"{name}-v{release.version}")


@router.post("/assignments/{name}/release", status_code=201)
def release(name: str, holder: TokenHolder, archive: CourseZip, ready: bool = False) -> ReleaseInfo:
    """Release a source, or, `ready`, a version that nbgrader has already made of it."""
    holder.require(Right.AUTHOR)
    act = api.release_as_is if ready else api.release
    made = act(holder.platform, holder.course, holder.person, name, archive)
    holder.audit("assignment released from a workspace", f"{name}, version {made.version}")
    return answers.release(made)


@router.delete("/assignments/{name}/release", status_code=204)
def withdraw(name: str, holder: TokenHolder) -> None:
    """Take the assignment back; what was handed in stays."""
    holder.require(Right.AUTHOR)
    with holder.platform.database.begin() as connection:
        api.withdraw(connection, holder.course, name)
    holder.audit("assignment withdrawn from a workspace", name)


@router.get("/assignments/{name}/source")
def source(name: str, holder: TokenHolder) -> Response:
    """The authors' own version."""
    holder.require(Right.AUTHOR)
    return _zip(api.source(holder.platform, holder.course, name), f"{name}-source")


@router.put("/assignments/{name}/source")
def put_source(name: str, holder: TokenHolder, archive: CourseZip) -> AssignmentInfo:
    """Keep a new source; the assignment is made if there is none of that name."""
    holder.require(Right.AUTHOR)
    api.put_source(holder.platform, holder.course, holder.person, name, archive)
    holder.audit("assignment source put from a workspace", name)
    with holder.platform.database.read() as connection:
        every = answers.assignments(connection, holder.course, holder.person, drafts=True)
    return next(info for info in every if info.name == name)


@router.post("/assignments/{name}/submissions", status_code=201)
def submit(
    name: str,
    holder: TokenHolder,
    archive: SubmissionZip,
    key: Annotated[str, Header(alias=IDEMPOTENCY_KEY)] = "",
) -> Receipt:
    """Hand in; the answer is sent when the submission is on disk and in the database."""
    holder.require(Right.SUBMIT)
    return api.receipt(api.submit(holder.platform, holder.course, holder.person, name, archive, key))


@router.get("/assignments/{name}/submissions")
def submissions(name: str, holder: TokenHolder, all: bool = False) -> list[SubmissionInfo]:
    """One's own submissions, or everybody's for those who read copies."""
    holder.require(Right.READ_COPIES if all else Right.SUBMIT)
    with holder.platform.database.read() as connection:
        person = None if all else holder.person
        return answers.submissions(connection, api.assignment(connection, holder.course, name), person)


@router.get("/submissions/{id}")
def submission(id: str, holder: TokenHolder) -> Response:
    """The zip of a submission, byte for byte: one's own, or any for those who read copies."""
    return _zip(api.zip_of(holder.platform, _readable(holder, id)), id)


@router.get("/submissions/{id}/receipt")
def receipt(id: str, holder: TokenHolder) -> Receipt:
    """The receipt again."""
    return api.receipt(_readable(holder, id))


@router.get("/assignments/{name}/feedback")
def feedback(name: str, holder: TokenHolder) -> Response:
    """One's own published graded copies."""
    holder.require(Right.SUBMIT)
    return _zip(api.own_feedback(holder.platform, holder.course, holder.person, name), f"{name}-feedback")


@router.post("/assignments/{name}/feedback", status_code=201)
def publish(name: str, holder: TokenHolder, archive: CourseZip) -> FeedbackInfo:
    """Publish graded copies: a zip with a folder per submission id."""
    holder.require(Right.PUBLISH)
    count = publish_archive(holder.platform, holder.course, holder.person, name, archive)
    holder.audit("graded copies published from a workspace", f"{name}, {count}")
    return FeedbackInfo(assignment=name, published=count)


def _readable(holder: Holder, identifier: str) -> api.Submission:
    """The submission, which must be the holder's own unless they read copies: another's is as if not there."""
    with holder.platform.database.read() as connection:
        found = api.submission(connection, holder.course, identifier)
    if found.person != holder.person and not holder.membership.may(Right.READ_COPIES):
        raise api.NO_SUCH_SUBMISSION
    return found


def _zip(content: bytes, name: str) -> Response:
    return Response(content, media_type=ZIP, headers={"Content-Disposition": f'attachment; filename="{name}.zip"'})
