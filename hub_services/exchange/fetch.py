"""Fetching: the released version, for whoever may see it; that it was fetched is recorded."""

from hub_services.exchange import store
from hub_services.exchange.find import NOT_FOUND, released
from hub_services.exchange.models import Fetch, Release
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal


def fetch(platform: Platform, course: str, person: str, name: str) -> tuple[Release, bytes]:
    """The current release of an assignment and its zip, recorded as fetched by `person`. Raises Refusal.

    The caller has checked Right.SUBMIT.
    """
    with platform.database.read() as connection:
        assignment = released(connection, course, name)
        if not assignment.is_released:
            raise _WITHDRAWN
        release = store.release(connection, course, name, assignment.version or 0)
    if release is None:
        raise NOT_FOUND
    content = platform.files.read(release.sha256)
    with platform.database.begin() as connection:
        store.add_fetch(connection, course, Fetch(name, person, release.version, platform.now()))
    return release, content


_WITHDRAWN = Refusal(
    409,
    N_("This assignment was withdrawn"),
    N_("Your teacher took it back. What you have already fetched stays in your workspace."),
)
