"""The source of an assignment: what its authors wrote, with solutions and tests; students never see it."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection

from hub_services.exchange import store
from hub_services.exchange.edit import new_assignment
from hub_services.exchange.find import assignment
from hub_services.exchange.keep import storing, unpacked
from hub_services.exchange.models import Assignment
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal


def put_source(platform: Platform, course: str, person: str, name: str, archive: bytes) -> Assignment:
    """Keep a new source; an assignment of that name is made, as a draft, if there is none. Raises Refusal.

    The caller has checked Right.AUTHOR. What was released stays as it is until the next release.
    """
    check_source(unpacked(archive, platform.settings.exchange.course_file_mebibytes))
    with storing():
        digest = platform.files.put(archive)
        with platform.database.begin() as connection:
            return keep_source(platform, connection, course, person, name, digest)


def source(platform: Platform, course: str, name: str) -> bytes:
    """The zip of the source. The caller has checked Right.AUTHOR. Raises Refusal."""
    with platform.database.read() as connection:
        found = assignment(connection, course, name)
    if found.source is None:
        raise NO_SOURCE
    return platform.files.read(found.source)


def keep_source(platform: Platform, connection: Connection, course: str, person: str, name: str, digest: str) -> Assignment:
    """Make `digest`, already stored, the source of the assignment, which is made if there is none."""
    if store.assignment(connection, course, name) is None:
        store.add_assignment(connection, new_assignment(platform, connection, course, person, name, name))
    store.change_assignment(connection, course, name, source=digest)
    return assignment(connection, course, name)


def check_source(files: Mapping[str, bytes]) -> None:
    """Raises Refusal unless there is a notebook, and each notebook can be read."""
    names = [name for name in sorted(files) if name.endswith(".ipynb")]
    if not names:
        raise Refusal(
            422,
            N_("There is no notebook in this assignment"),
            N_("An assignment needs at least one .ipynb file. Add it to the assignment's folder and try again."),
        )
    for name in names:
        read_notebook(name, files[name])


def read_notebook(name: str, content: bytes) -> dict[str, object]:
    """A notebook as the dictionary that its file holds. Raises Refusal, naming the file."""
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _unreadable(name) from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise _unreadable(name)
    return notebook


def _unreadable(name: str) -> Refusal:
    return Refusal(
        422,
        N_("A notebook cannot be read"),
        N_("“%(name)s” is not a notebook of format 4. Open it in JupyterLab, save it, and try again."),
        {"name": name},
    )


NO_SOURCE = Refusal(
    409,
    N_("This assignment has no source yet"),
    N_("Put its notebooks there first, from its page or from JupyterLab."),
)
