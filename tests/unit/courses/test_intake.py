"""Files that a teacher brings: what is taken, set aside, refused."""

import json

import pytest
from himalia_exchange.archive import ArchiveRefused

from hub_services.courses import intake
from hub_services.courses.intake import Limits
from hub_services.web.i18n import translator

LIMITS = Limits(file=10_000, total=20_000)
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode()
OLD = json.dumps({"nbformat": 3, "worksheets": []}).encode()


def told(files: dict[str, bytes], *, needs_notebook: bool = False) -> list[str]:
    found = intake.sort(files, LIMITS, needs_notebook=needs_notebook)
    assert not (found.problems and found.materials)
    return [sentence.show(translator("en")) for sentence in found.problems]


def test_files_are_sorted() -> None:
    files = {
        "a.ipynb": NOTEBOOK,
        "requirements.txt": b"\xff\xfe" + "numpy\r\n".encode("utf-16-le"),
        "data/x.csv": b"1",
        ".git/config": b"",
        "data/.ipynb_checkpoints/x.csv": b"",
        "source/tp1/tp1.ipynb": b"not looked at",
        "submitted/amina/tp1/tp1.ipynb": b"not looked at",
        "gradebook.db": b"",
        "tp2.ipynb": NOTEBOOK.replace(b"[]", b'[{"source": ["### BEGIN HIDDEN TESTS\\n"]}]'),
    }
    found = intake.sort(files, LIMITS, needs_notebook=True)
    assert found.problems == ()
    assert sorted(found.materials) == ["a.ipynb", "data/x.csv", "requirements.txt"]
    assert found.requirements == "numpy\r\n"
    notes = [note.show(translator("en")) for note in found.notes]
    assert "gradebook.db, source/, submitted/" in notes[0]
    assert "tp2.ipynb" in notes[1]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.ipynb": b"{\n\n,"}, "a.ipynb is not a notebook: its content is damaged (line 3)"),
        ({"a.ipynb": b""}, "is not a notebook"),
        ({"a.ipynb": b"[]"}, "it has no cells"),
        ({"a.ipynb": b'{"nbformat": 4}'}, "it has no cells"),
        ({"a.ipynb": b'{"nbformat": "x"}'}, "it has no cells"),
        ({"a.ipynb": b"[" * 9_000}, "is not a notebook"),
        ({"a.ipynb": b"\xff\xfe\x00"}, "is not a notebook"),
        ({"a.ipynb": OLD}, "old format (3)"),
        ({"big.csv": b"x" * 10_001}, "big.csv has 1 MB"),
        ({f"{n}.csv": b"x" * 9_000 for n in range(3)}, "together"),
        ({"data.csv": b"version https://git-lfs.github.com/spec/v1\noid sha256:0"}, "only a pointer"),
    ],
)
def test_a_problem_names_its_file(files: dict[str, bytes], says: str) -> None:
    found = told(files)
    assert len(found) == 1
    assert says in found[0]


def test_a_repository_without_notebooks_is_refused() -> None:
    assert "no notebook" in told({"README.md": b"x"}, needs_notebook=True)[0]
    assert told({"README.md": b"x"}) == []


def test_what_people_zip_is_one_folder() -> None:
    assert intake.without_outer_folder({"c/a": b"", "c/b/d": b""}) == {"a": b"", "b/d": b""}
    assert intake.without_outer_folder({"c/a": b"", "b": b""}) == {"c/a": b"", "b": b""}


@pytest.mark.parametrize("reason", ["link", "path", "special", "long-name", "case-clash", "duplicate", "too-large", "odd"])
def test_each_refusal_of_the_archive_is_a_sentence_with_the_name(reason: str) -> None:
    for language in ("fr", "en"):
        assert "x.csv" in intake.refused(ArchiveRefused(reason, "x.csv")).show(translator(language))
