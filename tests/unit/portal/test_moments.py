"""Moments as people type them: the site's zone, and the two nights when clocks move."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub_services.portal.moments import for_form, typed
from hub_services.web.refusals import Refusal

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T23:59", datetime(2026, 3, 2, 22, 59, tzinfo=UTC)),
        ("2026-07-02T23:59", datetime(2026, 7, 2, 21, 59, tzinfo=UTC)),
        ("2026-03-02T23:59:30", datetime(2026, 3, 2, 22, 59, 30, tzinfo=UTC)),
        (" 2026-03-02 23:59 ", datetime(2026, 3, 2, 22, 59, tzinfo=UTC)),
        ("02/03/2026 23:59", datetime(2026, 3, 2, 22, 59, tzinfo=UTC)),
    ],
)
def test_a_time_is_the_sites(text: str, moment: datetime) -> None:
    assert typed(text, PARIS) == moment


def test_nothing_typed_is_no_moment() -> None:
    assert typed("  ", PARIS) is None
    assert for_form(None, PARIS) == ""


def test_a_time_that_comes_twice_is_the_later_one() -> None:
    assert typed("2026-10-25T02:30", PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_time_that_is_skipped_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        typed("2026-03-29T02:30", PARIS)
    assert refusal.value.status == 422


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01T00:00", "2026-02-30T12:00", "2026-03-02", "12:00", "０"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        typed(text, PARIS)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_a_form_shows_is_what_it_sends_back(moment: datetime) -> None:
    minute = moment.replace(second=0, microsecond=0)
    again = typed(for_form(minute, PARIS), PARIS)
    assert again
    assert abs((again - minute).total_seconds()) in (0, 3600), "only the hour that comes twice may differ"
