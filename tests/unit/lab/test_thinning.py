"""Versions grow thinner with age, never lose a pinned one, and thinning twice changes nothing."""

from datetime import UTC, datetime, timedelta

from himalia_lab.versions.thinning import Version, thinned, within
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def version(age: timedelta, reason: str = "saved", content: str = "", size: int = 10) -> Version:
    at = NOW - age
    return Version(id=f"{at:%Y%m%dT%H%M%S%f}", at=at, sha256=content or f"{at:%H%M%S%f}", size=size, reason=reason)


def autosaved(start: timedelta, end: timedelta, every: timedelta = timedelta(seconds=10)) -> list[Version]:
    count = int((start - end) / every)
    return [version(start - n * every) for n in range(count)]


def test_the_last_ten_minutes_are_whole() -> None:
    recent = autosaved(timedelta(minutes=9), timedelta(0))
    assert thinned(recent, NOW) == recent


def test_an_hour_of_autosaves_leaves_about_one_a_minute() -> None:
    kept = thinned(autosaved(timedelta(minutes=59), timedelta(minutes=11)), NOW)
    assert 48 <= len(kept) <= 50


def test_a_year_of_work_stays_small() -> None:
    year = autosaved(timedelta(days=365), timedelta(0), timedelta(minutes=7))
    assert len(thinned(year, NOW)) < 335 + 30 * 24 + 150 + 60


def test_what_was_handed_in_is_never_thinned() -> None:
    old = timedelta(days=90)
    every = [version(old + timedelta(seconds=n), "submitted" if n % 2 else "saved") for n in range(10)]
    kept = thinned(every, NOW)
    assert {each for each in every if each.pinned} <= set(kept)


def test_the_first_and_the_newest_are_always_there() -> None:
    every = [version(timedelta(days=40, seconds=n)) for n in range(50)]
    kept = thinned(every, NOW)
    assert max(kept, key=lambda each: each.at) == every[0]
    assert min(kept, key=lambda each: each.at) == every[-1]


ages = st.integers(min_value=0, max_value=400 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@given(st.lists(st.tuples(ages, st.sampled_from(["saved", "submitted"])), max_size=60, unique_by=lambda pair: pair[0]))
def test_thinning_twice_is_thinning_once(pairs: list[tuple[timedelta, str]]) -> None:
    once = thinned([version(age, reason) for age, reason in pairs], NOW)
    assert thinned(once, NOW) == once


def test_a_limit_takes_the_oldest_plain_ones_first() -> None:
    every = [version(timedelta(minutes=5), "submitted"), version(timedelta(minutes=4)), version(timedelta(minutes=3))]
    assert within(every, 20) == [every[0], every[2]]


def test_one_content_is_counted_once() -> None:
    every = [version(timedelta(minutes=n), content="same") for n in (3, 2, 1)]
    assert within(every, 10) == every


def test_the_newest_stays_even_when_it_alone_is_too_large() -> None:
    newest = version(timedelta(0), size=1000)
    assert within([version(timedelta(minutes=1), "submitted"), newest], 10) == [newest]
