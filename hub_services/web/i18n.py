"""French and English: one catalog per feature, read at start, merged; msgids are the English text."""

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from starlette.requests import Request

LANGUAGES = ("fr", "en")
LANGUAGE_COOKIE = "himalia_language"
_FEATURES = Path(__file__).parent.parent


def N_(message: str) -> str:  # noqa: N802  gettext's own name for "translate this later"
    """Mark `message` for extraction; it is translated where it is shown."""
    return message


class Translator:
    """Texts of one language."""

    def __init__(self, language: str, catalog: Translations) -> None:
        self.language = language
        self._catalog = catalog

    def gettext(self, message: str, values: Mapping[str, object] | None = None, /, **more: object) -> str:
        """`message` in this language, its `%(name)s` filled."""
        filled = {**(values or {}), **more}
        translated = str(self._catalog.ugettext(message))
        return translated % filled if filled else translated

    def ngettext(self, one: str, many: str, count: int, /, **more: object) -> str:
        """`one` or `many` by `count`, which is also `%(count)s`."""
        return str(self._catalog.ungettext(one, many, count)) % {"count": count, **more}


@lru_cache(maxsize=len(LANGUAGES))
def translator(language: str) -> Translator:
    """The translator of `language`; one that is not offered falls back to English."""
    merged = Translations()
    for path in sorted(_FEATURES.glob(f"*/locale/{language}.po")):
        catalog = _read(path, language)
        merged.merge(catalog)
        merged.plural = catalog.plural  # merge() leaves it behind, and French counts 0 as one
    return Translator(language if language in LANGUAGES else "en", merged)


def _read(path: Path, language: str) -> Translations:
    with path.open("rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def choose_language(cookie: str | None, accept: str, default: str) -> str:
    """The language of a page: the person's choice, else the browser's first that is offered, else the site's."""
    if cookie in LANGUAGES:
        return cookie
    for part in accept.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return default


def translate(request: Request) -> Translator:
    """The translator for whoever made `request`."""
    default = request.app.state.platform.settings.site.language
    accept = request.headers.get("accept-language", "")
    return translator(choose_language(request.cookies.get(LANGUAGE_COOKIE), accept, default))
