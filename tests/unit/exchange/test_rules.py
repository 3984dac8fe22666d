"""The rules, as matrices."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from himalia_exchange.wire import Kind, LatePolicy, State

from hub_services.exchange import rules
from hub_services.exchange.models import DEFAULT_ACCEPTS, Assignment, Extension, Submission
from hub_services.web.refusals import Refusal

DUE = datetime(2026, 3, 2, 22, 59, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MEBIBYTE = 1024 * 1024
PARIS = ZoneInfo("Europe/Paris")


def assignment(
    deadline: datetime | None = DUE, policy: LatePolicy = LatePolicy.REFUSE, state: State = State.RELEASED
) -> Assignment:
    return Assignment(
        "c", "tp1", "TP1", Kind.LAB, state, deadline, policy, DEFAULT_ACCEPTS, 1, None, 1, DUE - SECOND * 9000, "p-t"
    )


def extension(deadline: datetime) -> Extension:
    return Extension("tp1", "p-a", deadline, "p-t", DUE)


def submission(number: int, received_at: datetime) -> Submission:
    return Submission(f"s-{number}", number, "c", "tp1", "p-a", received_at, "0" * 64, 1, False, None, None, ())


@pytest.mark.parametrize(
    ("own", "extended", "expected"),
    [
        (None, None, None),
        (None, DUE, None),
        (DUE, None, DUE),
        (DUE, DUE + SECOND, DUE + SECOND),
        (DUE, DUE - SECOND, DUE),
    ],
)
def test_a_persons_deadline(own: datetime | None, extended: datetime | None, expected: datetime | None) -> None:
    given = extension(extended) if extended else None
    assert rules.own_deadline(assignment(own), given) == expected


@pytest.mark.parametrize("policy", LatePolicy)
@pytest.mark.parametrize("state", [State.RELEASED, State.WITHDRAWN])
@pytest.mark.parametrize(
    ("received_at", "late"),
    [(DUE - SECOND, False), (DUE, False), (DUE + timedelta(microseconds=1), True), (DUE + SECOND, True)],
)
def test_what_is_taken_and_when(received_at: datetime, late: bool, state: State, policy: LatePolicy) -> None:
    refused = state is State.WITHDRAWN or (late and policy is LatePolicy.REFUSE)
    assert rules.is_late(received_at, DUE) is late
    if not refused:
        rules.check_open(assignment(DUE, policy, state), received_at, DUE, PARIS)
        return
    with pytest.raises(Refusal) as caught:
        rules.check_open(assignment(DUE, policy, state), received_at, DUE, PARIS)
    assert caught.value.status == 409


def test_the_refusal_tells_the_deadline_in_the_sites_time_zone() -> None:
    with pytest.raises(Refusal) as caught:
        rules.check_open(assignment(), DUE + SECOND, DUE, PARIS)
    assert caught.value.values["deadline"] == "2026-03-02 23:59 (Europe/Paris)"


def test_without_a_deadline_nothing_is_late() -> None:
    assert not rules.is_late(DUE + timedelta(days=400), None)


@pytest.mark.parametrize(
    ("offsets", "policy", "expected"),
    [
        ([], LatePolicy.ACCEPT, None),
        ([-2], LatePolicy.REFUSE, 0),
        ([-2, -1], LatePolicy.REFUSE, 1),
        ([-1, -2], LatePolicy.REFUSE, 0),
        ([-2, 0, 5], LatePolicy.ACCEPT, 1),
        ([-2, 0, 5], LatePolicy.REFUSE, 1),
        ([3, 5], LatePolicy.ACCEPT, 1),
        ([3, 5], LatePolicy.REFUSE, None),
        ([-1, -1], LatePolicy.REFUSE, 1),
    ],
)
def test_which_submission_counts(offsets: list[int], policy: LatePolicy, expected: int | None) -> None:
    made = [submission(number, DUE + SECOND * offset) for number, offset in enumerate(offsets)]
    found = rules.counting(made, DUE, policy)
    assert (found.number if found else None) == expected


def test_an_extension_given_afterwards_counts() -> None:
    made = [submission(0, DUE - SECOND), submission(1, DUE + SECOND)]
    found = rules.counting(made, DUE + 2 * SECOND, LatePolicy.REFUSE)
    assert found == made[1]


@pytest.mark.parametrize(
    ("files", "given", "refused"),
    [
        ({"tp1.ipynb": 10}, (), False),
        ({"TP1.IPYNB": 10, "a/b.Py": 1}, (), False),
        ({"tp1.ipynb": 10, "out.png": 1}, (), True),
        ({"tp1.ipynb": 10, "img/page.png": 1}, ("img/page.png",), False),
        ({"tp1.ipynb": 10, "Makefile": 1}, (), True),
        ({}, (), True),
        ({"tp1.ipynb": 0}, (), True),
        ({"evil.ipynb.exe": 4}, (), True),
    ],
)
def test_what_may_be_in_a_submission(files: dict[str, int], given: tuple[str, ...], refused: bool) -> None:
    if not refused:
        rules.check_content(files, DEFAULT_ACCEPTS, given)
        return
    with pytest.raises(Refusal) as caught:
        rules.check_content(files, DEFAULT_ACCEPTS, given)
    assert caught.value.status == 422


def test_a_wrong_type_is_named_with_the_right_ones() -> None:
    with pytest.raises(Refusal) as caught:
        rules.check_content({f"out{n}.png": 1 for n in range(7)}, DEFAULT_ACCEPTS, ())
    assert caught.value.values["accepts"] == ".ipynb, .py, .pdf, .csv"
    assert caught.value.values["files"] == "out0.png, out1.png, out2.png, out3.png, out4.png… (7)"


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("TP1 Recoder une enquête", (), "tp1-recoder-une-enquete"),
        ("TP1", ("tp1", "tp1-2"), "tp1-3"),
        ("  ***  ", (), "assignment"),
        ("é" * 80, (), "e" * 40),
        ("../../etc", (), "etc"),
    ],
)
def test_a_name_from_a_title(title: str, taken: tuple[str, ...], name: str) -> None:
    assert rules.name_of(title, taken) == name


def test_file_types_as_they_are_typed() -> None:
    assert rules.accepted_types("ipynb, .PY;pdf *.csv .py , *") == (".ipynb", ".py", ".pdf", ".csv")


@pytest.mark.parametrize(
    ("recent", "size", "refused"),
    [
        ([], 100 * MEBIBYTE, False),
        ([1] * 59, 1, False),
        ([1] * 60, 1, True),
        ([100 * MEBIBYTE] * 4, 100 * MEBIBYTE, False),
        ([100 * MEBIBYTE] * 5, 1, True),
    ],
)
def test_nobody_hands_in_without_end(recent: list[int], size: int, refused: bool) -> None:
    if not refused:
        rules.check_pace(recent, size, 100)
        return
    with pytest.raises(Refusal) as caught:
        rules.check_pace(recent, size, 100)
    assert caught.value.status == 429
