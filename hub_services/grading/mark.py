"""Points and comments by hand on one copy."""

from collections.abc import Mapping

from sqlalchemy import Connection

from hub_services.grading import rules, store
from hub_services.grading.models import Copy, Hand
from hub_services.people import api as people
from hub_services.web.platform import Platform

LONGEST_COMMENT = 5000


def mark(platform: Platform, connection: Connection, copy: Copy, typed: Mapping[str, str], by: people.Person) -> int:
    """Keep what was typed on `copy`, as `points:<notebook>:<cell>` and `comment:…`; only what changed is written.

    Returns how many cells changed. Raises Refusal, and then nothing is kept.
    """
    before = rules.by_cell(store.hands_of(connection, copy.course, copy.assignment).get(copy.person, []))
    changed = 0
    for notebook in copy.notebooks:
        for cell in notebook.cells:
            place = f"{notebook.name}:{cell.id}"
            if f"points:{place}" not in typed:
                continue
            points = rules.read_points(typed[f"points:{place}"], cell.max_score)
            comment = typed.get(f"comment:{place}", "").strip()[:LONGEST_COMMENT]
            old = before.get((notebook.name, cell.id))
            if (points, comment) != ((old.points, old.comment) if old else (None, "")):
                hand = Hand(notebook.name, cell.id, points, comment, by.id, platform.now())
                store.put_hand(connection, copy.course, copy.assignment, copy.person, hand)
                changed += 1
    if changed:
        what = {"course": copy.course, "subject": copy.person, "detail": f"{copy.assignment}: {changed}"}
        people.audit(platform, connection, by.id, "points by hand", **what)
    return changed
