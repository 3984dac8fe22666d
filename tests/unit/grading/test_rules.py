"""What a copy is worth, and what may be typed."""

from datetime import UTC, datetime

import pytest

from hub_services.grading import rules
from hub_services.grading.models import Cell, Copy, Flag, Hand, Notebook
from hub_services.web.refusals import Refusal

NOW = datetime(2026, 3, 2, tzinfo=UTC)
AUTO = Cell("q", 3.0, 2.0, False)
BY_HAND = Cell("q", 3.0, None, True)
BOTH = Cell("q", 3.0, 1.0, True)


def hand(points: float | None, cell: str = "q") -> Hand:
    return Hand("tp", cell, points, "", "p-teacher", NOW)


@pytest.mark.parametrize(
    ("cell", "written", "expected"),
    [
        (AUTO, None, 2.0),
        (AUTO, hand(None), 2.0),  # a comment alone changes no points
        (AUTO, hand(0.0), 0.0),  # zero by hand is a mark, not nothing
        (AUTO, hand(3.0), 3.0),
        (BY_HAND, None, None),
        (BY_HAND, hand(2.5), 2.5),
        (BOTH, None, None),
        (BOTH, hand(3.0), 3.0),
    ],
)
def test_points_by_hand_come_first(cell: Cell, written: Hand | None, expected: float | None) -> None:
    assert rules.points(cell, written) == expected


def copy(*cells: Cell) -> Copy:
    return Copy("c", "a", "p", "s", "", "", "", "", "", (Notebook("tp", "", cells),), (), "", 0, 0, NOW)


def test_a_total_says_how_many_points_are_missing() -> None:
    cells = (Cell("a", 1.0, 0.1, False), Cell("b", 1.0, 0.2, False), Cell("c", 4.0, None, True))
    total = rules.total(copy(*cells), {})
    assert total.score == pytest.approx(0.3)
    assert (total.max_score, total.missing) == (6.0, 1)
    assert rules.total(copy(*cells), rules.by_cell([hand(4.0, "c")])).missing == 0


@pytest.mark.parametrize(("text", "value"), [("", None), (" ", None), ("2", 2.0), ("1,5", 1.5), (" 3.0 ", 3.0), ("0", 0.0)])
def test_points_are_read_as_people_type_them(text: str, value: float | None) -> None:
    assert rules.read_points(text, 3.0) == value


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "3.5", "trois", "1e9", "2 points", "٣٠"])
def test_other_points_are_refused_and_named(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.read_points(text, 3.0)
    assert refused.value.values == {"text": text, "maximum": "3"}


@pytest.mark.parametrize(
    ("current", "expected"), [("a", (None, "b")), ("b", ("a", "c")), ("c", ("b", None)), ("x", (None, None))]
)
def test_neighbours(current: str, expected: tuple[str | None, str | None]) -> None:
    assert rules.neighbours(["a", "b", "c"], current) == expected


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\tx"])
def test_a_spreadsheet_never_runs_a_name(text: str) -> None:
    assert rules.csv_safe(text) == "'" + text


def test_other_names_stay_as_they_are() -> None:
    assert rules.csv_safe("Zoé N'Diaye") == "Zoé N'Diaye"


def test_a_kind_of_flag_is_said_once_with_all_its_cells_the_worst_first() -> None:
    flags = (Flag("source", "q1", "x"), Flag("twin-passes", "t1", "a"), Flag("twin-passes", "t2", "a"), Flag("new", "", ""))
    said = [(remark.cells, remark.details) for remark in rules.remarks(flags)]
    assert said == [(("t1", "t2"), ("a",)), (("q1",), ("x",)), ((), ())]
