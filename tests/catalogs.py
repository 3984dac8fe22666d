"""The French catalogs: what each feature says and what is translated; `python -m tests.catalogs FEATURE` updates one."""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

FEATURES = Path(__file__).parent.parent / "hub_services"
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}


def names() -> list[str]:
    """The features that say anything."""
    folders = [path.name for path in FEATURES.iterdir() if (path / "__init__.py").exists()]
    return sorted(name for name in folders if len(said(name)))


def said(feature: str) -> Catalog:
    """Every message in the code and templates of `feature`, with the files that say it."""
    catalog = Catalog(locale="fr", project="Himalia", charset="utf-8")
    found = extract_from_dir(FEATURES / feature, method_map=_METHODS, keywords=_KEYWORDS)
    for file, _line, message, _comments, context in found:
        catalog.add(message, locations=[(file, 0)], context=context)
    return catalog


def translated(feature: str) -> Catalog:
    """The French catalog of `feature`."""
    path = file_of(feature)
    content = path.read_bytes() if path.exists() else b""
    return read_po(BytesIO(content), locale="fr")


def file_of(feature: str) -> Path:
    return FEATURES / feature / "locale" / "fr.po"


def update(feature: str) -> list[str]:
    """Write the messages of today with the translations known; the messages that still need one are returned."""
    fresh, known = said(feature), translated(feature)
    for message in fresh:
        former = known.get(message.id) if message.id else None
        if former:
            message.string = former.string
    file_of(feature).parent.mkdir(exist_ok=True)
    with file_of(feature).open("wb") as file:
        write_po(file, fresh, width=0, omit_header=True, include_lineno=False, sort_output=False)
    return [str(message.id) for message in fresh if message.id and not is_translated(message.string)]


def is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and all(string or ())


if __name__ == "__main__":
    for name in sys.argv[1:] or names():
        for missing in update(name):
            print(f"{name}: {missing}")  # noqa: T201  this is a command
