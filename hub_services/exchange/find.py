"""Finding an assignment, or saying that there is none."""

from sqlalchemy import Connection

from hub_services.exchange import store
from hub_services.exchange.models import Assignment
from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal

NOT_FOUND = Refusal(
    404,
    N_("There is no such assignment"),
    N_("It may have another name, or not be distributed yet. The page of your course lists what there is."),
)


def assignment(connection: Connection, course: str, name: str) -> Assignment:
    """The assignment, draft or not. Raises Refusal."""
    found = store.assignment(connection, course, name)
    if found is None:
        raise NOT_FOUND
    return found


def released(connection: Connection, course: str, name: str) -> Assignment:
    """The assignment, if it was ever released: a draft is answered as if it did not exist. Raises Refusal."""
    found = assignment(connection, course, name)
    if found.version is None:
        raise NOT_FOUND
    return found
