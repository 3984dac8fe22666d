"""The sheets that ship with the program: read by course and assignment, turned into notebooks."""

from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from hub_cli.demo.answers import Answers, answers
from hub_cli.demo.sheet import Notebook, notebook


def solved(folder: str, name: str, numbers: Mapping[str, object] | None = None) -> Notebook:
    """The solved notebook `name` of a folder; "@key@" in its sheet becomes the number under that key."""
    text = _text(folder, name)
    for key, number in (numbers or {}).items():
        text = text.replace(f"@{key}@", str(number))
    return notebook(text)


def students_answers(folder: str, student: str = "") -> Answers:
    """The answers of invented students that stand beside a sheet; those of one of them, where they are filed so."""
    every = answers(_text(folder, "answers"))
    return {place: answer for place, answer in every.items() if student in ("", place[1])}


def licence() -> bytes:
    """What may be done with all of it: anything."""
    return _sheets().joinpath("LICENSE.md").read_bytes()


def _text(folder: str, name: str) -> str:
    return _sheets().joinpath(folder, f"{name}.md").read_text(encoding="utf-8")


def _sheets() -> Traversable:
    return resources.files("hub_cli.demo").joinpath("sheets")
