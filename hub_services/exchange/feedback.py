"""Graded copies: published by those who may, fetched by those whose work it is."""

from collections.abc import Mapping

from himalia_exchange.archive import pack, unpack
from sqlalchemy import Connection

from hub_services.exchange import store
from hub_services.exchange.keep import storing, unpacked
from hub_services.exchange.models import Feedback, Submission
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal


def publish(platform: Platform, connection: Connection, submission: Submission, files: Mapping[str, bytes], by: str) -> Feedback:
    """Publish the graded copy of one submission, in place of an earlier one: its person sees it at the commit.

    The caller has checked Right.PUBLISH and has taken out what the person may not see. Raises Refusal (disk full).
    """
    with storing():
        digest = platform.files.put(pack(files))
    made = Feedback(submission.id, submission.assignment, submission.person, digest, platform.now(), by)
    store.put_feedback(connection, submission.course, made)
    return made


def publish_archive(platform: Platform, course: str, person: str, name: str, archive: bytes) -> int:
    """Publish a zip with a folder per submission id; all of it or nothing. Raises Refusal.

    The caller has checked Right.PUBLISH.
    """
    copies = _by_folder(unpacked(archive, platform.settings.exchange.course_file_mebibytes))
    with platform.database.begin() as connection:
        known = {found.id: found for found in store.submissions_of(connection, course, name)}
        for identifier, files in copies.items():
            if identifier not in known:
                raise _unknown(identifier)
            publish(platform, connection, known[identifier], files, person)
    return len(copies)


def take_back(connection: Connection, submissions: list[str]) -> None:
    """Unpublish the graded copies of these submissions. The caller has checked Right.PUBLISH."""
    store.remove_feedback(connection, submissions)


def own_archive(platform: Platform, course: str, person: str, name: str) -> bytes:
    """The zip of `person`'s own published copies, a folder per submission id. Raises Refusal if there is none."""
    with platform.database.read() as connection:
        published = store.feedback_of(connection, course, name, person)
    if not published:
        raise Refusal(
            404,
            N_("No graded copy is there yet"),
            N_("Your teacher has not published yours. You will see it on the page of the course when it is."),
        )
    copies = {made.submission: files(platform, made) for made in published}
    return pack({f"{id}/{path}": content for id, held in copies.items() for path, content in held.items()})


def files(platform: Platform, made: Feedback) -> dict[str, bytes]:
    """The files of a published copy by their path."""
    return unpack(platform.files.read(made.sha256))


def _by_folder(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    copies: dict[str, dict[str, bytes]] = {}
    for path, content in files.items():
        folder, _, rest = path.partition("/")
        copies.setdefault(folder, {})[rest or folder] = content
    return copies


def _unknown(identifier: str) -> Refusal:
    return Refusal(
        422,
        N_("A graded copy belongs to no submission"),
        N_("“%(name)s” is no submission of this assignment, so nothing was published. Collect again, then publish."),
        {"name": identifier},
    )
