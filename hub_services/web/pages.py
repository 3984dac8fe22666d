"""Pages: Jinja2 templates of every feature, escaped by default, in the reader's language."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub_services.web.i18n import Translator, translate

_FEATURES = Path(__file__).parent.parent


def static_folder() -> Path:
    """Where the pages' own files are: styles, script, icon."""
    return Path(__file__).parent / "static"


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The one Jinja2 environment: each feature's `templates` folder; an undefined name is an error."""
    folders = sorted(path for path in _FEATURES.glob("*/templates"))
    return Environment(loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def render(request: Request, template: str, /, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `template` with `context`, the reader's translator (`_`, `ngettext`), and who is signed in."""
    # Never kept by the browser: on a shared machine, Back after signing out shows nobody's marks.
    return HTMLResponse(text(request, template, **context), status_code=status, headers={"Cache-Control": "no-store"})


def text(request: Request, template: str, /, **context: Any) -> str:
    """The same as `render`, as text: for a part of a page that is sent on its own."""
    words = translate(request)
    settings = request.app.state.platform.settings
    now = request.app.state.platform.now()
    zone = ZoneInfo(settings.site.time_zone)

    def translated(message: str, values: Mapping[str, object] | None = None, /, **more: object) -> Markup:
        filled = {**(values or {}), **more}
        sentence = escape(words.gettext(message))
        return sentence % filled if filled else sentence

    return (
        templates()
        .get_template(template)
        .render(
            _=translated,
            ngettext=words.ngettext,
            language=words.language,
            site=settings.site,
            me=getattr(request.state, "person", None),
            when=lambda moment, *, to_the_second=False: show_moment(words, zone, moment, now, to_the_second),
            ago=lambda moment: show_distance(words, moment, now),
            number=lambda value: format_decimal(round(value, 2), locale=words.language),
            now=now,
            zone=settings.site.time_zone.rpartition("/")[2].replace("_", " "),
            path=request.url.path,
            **context,
        )
    )


def show_moment(words: Translator, zone: ZoneInfo, moment: datetime, now: datetime, to_the_second: bool = False) -> Markup:
    """A date and time as people of that language write it, in the site's time zone; the year where it is another one.

    A `time` element, so that the page's script can add the reader's own time where it differs.
    """
    local = moment.astimezone(zone)
    day = "EEEE d MMMM" if local.year == now.astimezone(zone).year else "d MMMM y"
    shown = format_datetime(local, f"{day}, {'HH:mm:ss' if to_the_second else 'HH:mm'}", tzinfo=zone, locale=words.language)
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="seconds"), shown)


def show_distance(words: Translator, moment: datetime, now: datetime) -> str:
    """How far `moment` is from `now`: "dans 2 jours", "il y a 5 minutes"."""
    return format_timedelta(moment - now, add_direction=True, locale=words.language, threshold=1.2)
