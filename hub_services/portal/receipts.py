"""What was handed in, as it was handed in, and its receipt: for its author, and for who may read copies."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from hub_config.access.roles import Right
from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.people import api as people
from hub_services.people.api import SignedIn
from hub_services.web.platform import Platform, platform_of

router = APIRouter()


@router.get("/courses/{slug}/{name}/submissions/{id}.zip")
def archive(request: Request, slug: str, name: str, id: str, me: SignedIn) -> Response:
    """The zip: `sha256sum` gives the receipt's number again."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        found = _readable(platform, connection, me, slug, name, id)
    return _download(exchange.zip_of(platform, found), "application/zip", f"{name}-{id}.zip")


@router.get("/courses/{slug}/{name}/submissions/{id}.json")
def receipt(request: Request, slug: str, name: str, id: str, me: SignedIn) -> Response:
    """The receipt for programs."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        found = _readable(platform, connection, me, slug, name, id)
    content = exchange.receipt(found).model_dump_json(indent=1).encode()
    return _download(content, "application/json", f"{name}-{id}.json")


@router.get("/courses/{slug}/{name}/submissions/{id}.txt")
def receipt_text(request: Request, slug: str, name: str, id: str, me: SignedIn) -> Response:
    """The receipt for people."""
    platform = platform_of(request)
    with platform.database.read() as connection:
        found = _readable(platform, connection, me, slug, name, id)
    return _download(exchange.receipt_text(found).encode(), "text/plain; charset=utf-8", f"{name}-{id}.txt")


def _readable(
    platform: Platform, connection: Connection, me: people.Person, slug: str, name: str, id: str
) -> exchange.Submission:
    """The submission if `me` may read it. Raises Refusal; another person's is answered as if it did not exist."""
    entered = courses.enter(platform, connection, me, slug, Right.OPEN)
    found = exchange.submission(connection, entered.course.key, id)
    if found.assignment != name or (found.person != me.id and not entered.membership.may(Right.READ_COPIES)):
        raise exchange.NO_SUCH_SUBMISSION
    return found


def _download(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)
