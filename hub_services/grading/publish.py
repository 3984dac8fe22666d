"""Publish graded copies: what their authors see from then on, hidden tests left out."""

import json
from collections.abc import Sequence

from himalia_exchange import archive
from sqlalchemy import Connection

from hub_services.exchange import api as exchange
from hub_services.grading import rules, store
from hub_services.grading.models import Copy, Hand, Published
from hub_services.grading.rules import Hands
from hub_services.people import api as people
from hub_services.web.platform import Platform


def publish(platform: Platform, connection: Connection, copies: Sequence[Copy], by: people.Person, language: str) -> int:
    """Publish `copies` with their points as they stand; copies that wait for points are left out. Returns how many."""
    hands = store.hands_of(connection, copies[0].course, copies[0].assignment) if copies else {}
    count = 0
    for copy in copies:
        written = rules.by_cell(hands.get(copy.person, []))
        if rules.total(copy, written).missing == 0:
            _publish(platform, connection, copy, written, by, language)
            count += 1
    return count


def pages(platform: Platform, copy: Copy, hands: Hands, language: str) -> dict[str, str]:
    """The graded copy as safe HTML, a page per notebook (law 6): what its author sees, and the teacher too."""
    # Imported here: nbconvert takes seconds and memory, which a process that shows no copy need not pay.
    from himalia_grade import feedback

    executed = archive.unpack(platform.files.read(copy.executed))
    return {
        notebook.name: feedback.render(
            json.loads(executed[f"{notebook.name}.ipynb"]),
            scores={
                cell.id: (rules.points(cell, hands.get((notebook.name, cell.id))), cell.max_score) for cell in notebook.cells
            },
            comments={
                cell.id: hand.comment for cell in notebook.cells if (hand := hands.get((notebook.name, cell.id))) and hand.comment
            },
            language=language,
        )
        for notebook in copy.notebooks
    }


def _publish(platform: Platform, connection: Connection, copy: Copy, hands: Hands, by: people.Person, language: str) -> None:
    submission = exchange.submission(connection, copy.course, copy.submission)
    files = {f"{name}.html": page.encode() for name, page in pages(platform, copy, hands, language).items()}
    made = exchange.publish_feedback(platform, connection, submission, files, by.id)
    total = rules.total(copy, hands)
    mark = Published(
        course=copy.course,
        assignment=copy.assignment,
        person=copy.person,
        submission=copy.submission,
        score=total.score,
        max_score=total.max_score,
        sha256=made.sha256,
        at=made.published_at,
        by=by.id,
    )
    store.put_published(connection, mark)
    people.audit(platform, connection, by.id, "copy published", course=copy.course, subject=copy.person, detail=copy.assignment)


def hands_of(connection: Connection, copy: Copy) -> list[Hand]:
    """What was written by hand on `copy`."""
    return store.hands_of(connection, copy.course, copy.assignment).get(copy.person, [])
