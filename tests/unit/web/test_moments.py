"""Moments on pages: in the site's zone, with the year where it matters, as an element that a script can read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub_services.web.i18n import translator
from hub_services.web.pages import show_distance, show_moment

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "language", "shown"),
    [
        (NOW, "fr", "lundi 2 mars, 10:00"),
        (NOW, "en", "Monday 2 March, 10:00"),
        (datetime(2026, 7, 14, 21, 59, tzinfo=UTC), "fr", "mardi 14 juillet, 23:59"),
        (datetime(2025, 3, 2, 9, 0, tzinfo=UTC), "fr", "2 mars 2025, 10:00"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "fr", "1 janvier 2027, 00:30"),
    ],
)
def test_a_moment_is_the_sites(moment: datetime, language: str, shown: str) -> None:
    assert f">{shown}<" in show_moment(translator(language), PARIS, moment, NOW)


def test_the_element_holds_the_exact_moment_and_the_sites_offset() -> None:
    shown = show_moment(translator("fr"), PARIS, NOW + timedelta(seconds=7), NOW, to_the_second=True)
    assert shown == '<time datetime="2026-03-02T10:00:07+01:00">lundi 2 mars, 10:00:07</time>'


@pytest.mark.parametrize(
    ("away", "language", "shown"),
    [
        (timedelta(days=2), "fr", "dans 2 jours"),
        (timedelta(minutes=-5), "fr", "il y a 5 minutes"),
        (timedelta(hours=3), "en", "in 3 hours"),
    ],
)
def test_how_far_a_moment_is(away: timedelta, language: str, shown: str) -> None:
    assert show_distance(translator(language), NOW + away, NOW) == shown
