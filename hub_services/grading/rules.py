"""The rules of marks: what counts for a cell, what a copy is worth, what may be typed."""

import math
from collections.abc import Iterable, Mapping, Sequence

from hub_services.grading.models import Cell, Copy, Flag, Hand, Remark, Total
from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal

Hands = Mapping[tuple[str, str], Hand]


def by_cell(hands: Iterable[Hand]) -> Hands:
    """What was written by hand, by (notebook, cell)."""
    return {(hand.notebook, hand.cell): hand for hand in hands}


def points(cell: Cell, hand: Hand | None) -> float | None:
    """A cell's points: by hand if given, else as graded; None while a person must still give them."""
    if hand is not None and hand.points is not None:
        return hand.points
    return None if cell.needs_manual_grade else cell.auto_score


def total(copy: Copy, hands: Hands) -> Total:
    """The score of `copy`: cells without points yet count zero and are said to be missing."""
    cells = [(cell, hands.get((notebook.name, cell.id))) for notebook in copy.notebooks for cell in notebook.cells]
    given = [points(cell, hand) for cell, hand in cells]
    score = math.fsum(value for value in given if value is not None)
    return Total(score, math.fsum(cell.max_score for cell, _ in cells), sum(value is None for value in given))


def read_points(text: str, maximum: float) -> float | None:
    """Points as people type them, comma or point; empty means none. Raises Refusal outside 0..maximum."""
    cleaned = text.strip().replace(",", ".")
    if not cleaned:
        return None
    try:
        value = float(cleaned)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not 0 <= value <= maximum:
        raise Refusal(
            422,
            N_("These points cannot be given"),
            N_("“%(text)s” is not a number from 0 to %(maximum)s. Go back and correct it; nothing was changed."),
            {"text": text.strip()[:20], "maximum": f"{maximum:g}"},
        )
    return value


_FLAGS = {
    "twin-passes": N_("The test passes even when it is made wrong: the copy may change how tests run."),
    "forged-result": N_("The copy's code sent something in place of a result."),
    "unchecked": N_("Something ran beside the test or looped in it, so that it could not be tried wrong."),
    "source": N_("The answer holds something that a person should look at."),
    "limit": N_("A limit of time or memory ended it; what came before keeps its points."),
    "cell-missing": N_("The copy has no such cell any more: it wants points by hand."),
    "cell-changed": N_("The test was changed in the copy; the original one was run."),
    "similar": N_("Two copies are alike: evidence to read, not a verdict."),
}


def remarks(flags: Sequence[Flag]) -> list[Remark]:
    """The flags of a copy, said once per kind with all cells they are about; the worst first."""
    kinds = sorted({flag.kind for flag in flags}, key=lambda kind: (list(_FLAGS).index(kind) if kind in _FLAGS else 99, kind))
    return [
        Remark(
            title=_FLAGS.get(kind, kind),
            cells=tuple(dict.fromkeys(flag.cell for flag in flags if flag.kind == kind and flag.cell)),
            details=tuple(dict.fromkeys(flag.detail for flag in flags if flag.kind == kind and flag.detail)),
        )
        for kind in kinds
    ]


def neighbours(order: Sequence[str], current: str) -> tuple[str | None, str | None]:
    """The persons before and after `current` in the list of copies."""
    if current not in order:
        return None, None
    index = order.index(current)
    before = order[index - 1] if index > 0 else None
    return before, order[index + 1] if index + 1 < len(order) else None


def csv_safe(text: str) -> str:
    """`text` so that a spreadsheet never takes it for a formula (OWASP: CSV injection)."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
