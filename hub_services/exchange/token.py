"""Who holds a server token, in which course, with which rights: the token's own course and no other (law 6)."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from hub_config.access.roles import Right
from hub_services.people import api as people
from hub_services.people.api import Membership
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform, platform_of
from hub_services.web.refusals import Refusal


@dataclass(frozen=True)
class Holder:
    """The person and course of a user server's token, and what they may do there now."""

    platform: Platform
    membership: Membership

    @property
    def person(self) -> str:
        return self.membership.person

    @property
    def course(self) -> str:
        return self.membership.course

    def require(self, right: Right) -> None:
        """Raises Refusal unless the holder may do it."""
        if not self.membership.may(right):
            raise _LACKS_RIGHT

    def audit(self, action: str, assignment: str) -> None:
        """Write that the holder did it, from a workspace."""
        with self.platform.database.begin() as connection:
            people.audit(self.platform, connection, self.person, action, course=self.course, detail=assignment)


def holder(request: Request) -> Holder:
    """The holder of the request's token, still in the course. Raises Refusal."""
    platform = platform_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    identity = platform.hub.identify(token.strip()) if scheme.lower() in ("token", "bearer") and token else None
    if identity is None:
        raise _NO_TOKEN
    with platform.database.read() as connection:
        membership = people.membership(platform, connection, identity.person, identity.course)
    if membership is None:
        raise _NOT_IN_COURSE
    return Holder(platform, membership)


TokenHolder = Annotated[Holder, Depends(holder)]

_NO_TOKEN = Refusal(
    401,
    N_("This workspace is not known"),
    N_("Its token is missing, ended, or is not a workspace's. Stop your workspace and open it again from your course."),
)
_NOT_IN_COURSE = Refusal(
    403,
    N_("You are not in this course"),
    N_("Your files are as they were. Ask the course's teacher for the join link, then try again."),
)
_LACKS_RIGHT = Refusal(
    403,
    N_("This is not open to you in this course"),
    N_("Your role in this course does not include it. Its teacher can change that on the page People."),
)
