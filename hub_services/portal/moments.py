"""Moments as people type them in a form, in the site's time zone: pure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal

_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M")


def typed(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment that `text` names in `zone`; None when nothing was typed. Raises Refusal.

    A time that comes twice in a night, when clocks go back, is the second one: nobody loses an hour.
    """
    if not text.strip():
        return None
    local = _parsed(text.strip()).replace(tzinfo=zone, fold=1)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        detail = N_("Clocks go forward that night, from one hour to the next but one. Choose a time before or after.")
        raise Refusal(422, N_("This time does not exist on that day"), detail)
    return moment


def for_form(moment: datetime | None, zone: ZoneInfo) -> str:
    """`moment` as an `<input type="datetime-local">` holds it."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _parsed(text: str) -> datetime:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the caller gives it its zone
        except ValueError:
            continue
    detail = N_("Type a day and a time, for instance 2026-03-31 23:59. Nothing was changed.")
    raise Refusal(422, N_("This is not a date and a time"), detail)
