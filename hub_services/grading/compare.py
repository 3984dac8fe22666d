"""Copies that are alike: evidence for a teacher, renewed at the end of each run; it changes no points (promise B10)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from himalia_exchange import archive
from sqlalchemy import Connection

from hub_services.courses import api as courses
from hub_services.exchange import api as exchange
from hub_services.grading import store
from hub_services.grading.models import Flag
from hub_services.people import api as people
from hub_services.web.jobs import ClaimedJob
from hub_services.web.platform import Platform

SIMILAR = "similar"


def compare(platform: Platform, job: ClaimedJob, course: courses.Course, assignment: exchange.Assignment) -> int:
    """Flag the copies of `assignment` that share most of what their authors wrote. Returns how many pairs."""
    # Imported here: nbgrader takes seconds and memory, which the web application need not pay.
    from himalia_grade.similarity import alike

    with platform.database.read() as connection:
        counting = exchange.counting_submissions(connection, assignment)
    given = exchange.students_files(archive.unpack(platform.files.read(assignment.source or "")), course.language)
    handed_in = {one.person: _notebooks(exchange.files_of(platform, one)) for one in counting}
    pairs = alike(handed_in, _notebooks(given))
    with platform.database.begin() as connection:
        job.fence(connection)
        flags: dict[str, list[Flag]] = {}
        for pair in pairs:
            for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
                flags.setdefault(one, []).append(Flag(SIMILAR, "", f"{_name(connection, other)}: {pair.share:.0%}"))
        _write(connection, assignment, flags)
    return len(pairs)


def _write(connection: Connection, assignment: exchange.Assignment, flags: Mapping[str, list[Flag]]) -> None:
    for person, copy in store.copies_of(connection, assignment.course, assignment.name).items():
        others = tuple(flag for flag in copy.flags if flag.kind != SIMILAR)
        renewed = (*others, *flags.get(person, ()))
        if renewed != copy.flags:
            store.put_copy(connection, replace(copy, flags=renewed))


def _name(connection: Connection, person: str) -> str:
    found = people.person(connection, person)
    return found.name if found else "–"


def _notebooks(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The notebooks that can be read; one that cannot is the grading's concern."""
    found = []
    for name in sorted(files):
        if name.endswith(".ipynb"):
            try:
                content = json.loads(files[name])
            except ValueError:
                continue
            if isinstance(content, dict) and isinstance(content.get("cells"), list):
                found.append(content)
    return found
