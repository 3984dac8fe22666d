"""Releasing: from the authors' source to the version that students fetch."""

import json
from collections.abc import Mapping

from himalia_exchange.archive import measure, pack
from himalia_exchange.wire import FileEntry, State
from sqlalchemy import Connection

from hub_services.courses import api as courses
from hub_services.exchange import store
from hub_services.exchange.find import assignment
from hub_services.exchange.keep import storing, unpacked
from hub_services.exchange.models import Release
from hub_services.exchange.source import NO_SOURCE, check_source, keep_source, read_notebook
from hub_services.web.i18n import N_
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal

_MARKS = ("BEGIN HIDDEN TESTS", "BEGIN SOLUTION", "BEGIN MARK SCHEME")


def release(platform: Platform, course: str, person: str, name: str, archive: bytes | None = None) -> Release:
    """Release a source (the one kept, or `archive`, which replaces it): students see its next version. Raises Refusal.

    The caller has checked Right.AUTHOR. Solutions and hidden tests are taken out here. A release that would be the
    same as the current one is the current one.
    """
    mebibytes = platform.settings.exchange.course_file_mebibytes
    content = archive if archive is not None else _kept_source(platform, course, name)
    given = pack(students_files(unpacked(content, mebibytes), _language(platform, course)))
    return _keep(platform, course, person, name, content, given)


def release_as_is(platform: Platform, course: str, person: str, name: str, archive: bytes) -> Release:
    """Release what nbgrader's generate_assignment has already made; the source stays what it is, or becomes this.

    The caller has checked Right.AUTHOR. Raises Refusal when a solution or a hidden test is still in it.
    """
    files = unpacked(archive, platform.settings.exchange.course_file_mebibytes)
    check_source(files)
    _check_clean(files)
    with platform.database.read() as connection:
        known = store.assignment(connection, course, name)
    content = platform.files.read(known.source) if known and known.source else archive
    return _keep(platform, course, person, name, content, archive)


def preview(platform: Platform, course: str, name: str) -> dict[str, bytes]:
    """The files that students would fetch if the source were released now. The caller has checked Right.AUTHOR."""
    content = _kept_source(platform, course, name)
    files = unpacked(content, platform.settings.exchange.course_file_mebibytes)
    return students_files(files, _language(platform, course))


def students_files(source: Mapping[str, bytes], language: str) -> dict[str, bytes]:
    """The students' version of source files: notebooks without solutions and hidden tests, the rest as it is.

    In place of a solution stands nbgrader's stub, in the `language` of the course.
    """
    check_source(source)
    return {
        name: _students_notebook(name, content, language) if name.endswith(".ipynb") else content
        for name, content in source.items()
    }


def _language(platform: Platform, course: str) -> str:
    with platform.database.read() as connection:
        found = courses.course(connection, course)
    return found.language if found else "en"


def _students_notebook(name: str, content: bytes, language: str) -> bytes:
    # Imported here: nbgrader takes a second and 50 MB, which a process that never releases need not pay.
    from himalia_grade.release import ReleaseError, stubs, student_version

    try:
        notebook = student_version(read_notebook(name, content), stubs(language))
    except ReleaseError as error:
        raise Refusal(
            422,
            N_("A notebook cannot be released as it is"),
            N_("“%(name)s”: %(reason)s. Correct it in JupyterLab, with the Create Assignment tool, then release again."),
            {"name": name, "reason": str(error).rstrip(".")},
        ) from error
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _kept_source(platform: Platform, course: str, name: str) -> bytes:
    with platform.database.read() as connection:
        found = assignment(connection, course, name)
    if found.source is None:
        raise NO_SOURCE
    return platform.files.read(found.source)


def _keep(platform: Platform, course: str, person: str, name: str, source: bytes, given: bytes) -> Release:
    with storing():
        digests = (platform.files.put(source), platform.files.put(given))
        with platform.database.begin() as connection:
            keep_source(platform, connection, course, person, name, digests[0])
            return _next(platform, connection, course, person, name, digests, _entries(given))


def _next(
    platform: Platform,
    connection: Connection,
    course: str,
    person: str,
    name: str,
    digests: tuple[str, str],
    files: tuple[FileEntry, ...],
) -> Release:
    versions = store.releases_of(connection, course, name)
    newest = versions[-1] if versions else None
    if newest is None or (newest.source, newest.sha256) != digests:
        number = newest.version + 1 if newest else 1
        newest = Release(course, name, number, digests[1], digests[0], platform.now(), person, files)
        store.add_release(connection, newest)
    store.change_assignment(connection, course, name, state=State.RELEASED, version=newest.version)
    return newest


def _entries(archive: bytes) -> tuple[FileEntry, ...]:
    return tuple(FileEntry(path=path, size=size) for path, size in measure(archive).items())


def _check_clean(files: Mapping[str, bytes]) -> None:
    for name in (n for n in sorted(files) if n.endswith(".ipynb")):
        if any(mark.encode() in files[name] for mark in _MARKS):
            raise Refusal(
                422,
                N_("A solution or a hidden test is still in this version"),
                N_("“%(name)s” holds a mark such as BEGIN SOLUTION. Run nbgrader generate_assignment, then release again."),
                {"name": name},
            )
