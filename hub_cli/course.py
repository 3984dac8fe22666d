"""`himalia course new|check|publish`: a course as a folder: begin one, check it, put it on this machine's Himalia."""

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hub_cli.failure import CannotProceed
from hub_cli.one_machine import state

if TYPE_CHECKING:
    from hub_services.courses.publish import Published
    from hub_services.courses.sentences import Sentence
    from hub_services.people.api import Person
    from hub_services.web.platform import Platform

_PATIENCE_SECONDS = 15.0
_LOOK_SECONDS = 0.3


class CourseFile(BaseModel):
    """`course.yaml`: what a folder says of its course."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, max_length=120, description="What students know the course by.")
    language: Literal["fr", "en"] = Field("fr", description="The language of the course.")
    slug: str = Field("", description="Its address; made from the title when empty.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("new", help="begin a course in an empty folder")
    new.add_argument("folder", type=Path, help="a new folder, or an empty one")
    new.add_argument("--title", default="", help="what students know it by (default: the folder's name)")
    new.add_argument("--language", choices=("fr", "en"), default="fr", help="the language of the course")
    check = actions.add_parser("check", help="say what stands against publishing a folder")
    check.add_argument("folder", type=Path, help="the course's folder, with course.yaml")
    publish = actions.add_parser("publish", help="make or update the course, and build its environment")
    publish.add_argument("folder", type=Path, help="the course's folder, with course.yaml")
    publish.add_argument("--teacher", required=True, metavar="WHO", help="e-mail address or person id of who teaches it")
    publish.add_argument("--state", type=Path, metavar="DIR", default=state.default(), help="the state folder")
    publish.add_argument("--no-wait", action="store_true", help="return before the environment is built")
    for action in (new, check, publish):
        action.add_argument("--json", action="store_true", help="for a script")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0: done; 1: the sentences say why not. Raises CannotProceed."""
    return _ACTIONS[arguments.action](arguments)


def _new(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.folder
    if folder.exists() and any(folder.iterdir()):
        raise CannotProceed(f"{folder} is not empty; name a new folder.")
    title = arguments.title or folder.resolve().name
    about = CourseFile(title=title, language=arguments.language).model_dump(exclude={"slug"})
    files = {
        "course.yaml": yaml.safe_dump(about, allow_unicode=True, sort_keys=False),
        "requirements.txt": "ipykernel\nnumpy\npandas\nmatplotlib\n",
        _NOTEBOOK_NAME[arguments.language]: json.dumps(_notebook(title, arguments.language), ensure_ascii=False, indent=1),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return _tell(arguments, {"folder": str(folder), "files": sorted(files)}, [f"{folder}: {', '.join(sorted(files))}"])


def _check(arguments: argparse.Namespace) -> int:
    from hub_config.settings.model import Settings
    from hub_services.courses import materials, requirements

    _course_file(arguments.folder)
    files, problems = _files(arguments.folder, Settings())
    notes: Sequence[Sentence] = ()
    if not problems:
        taken, _ = materials.take(Settings(), files)
        problems = [*taken.problems, *requirements.read(taken.requirements or "").problems]
        notes = taken.notes
    found = {"good": not problems, "problems": _shown(problems), "notes": _shown(notes)}
    _tell(arguments, found, [*_shown(problems), *_shown(notes)] or [f"{arguments.folder} can be published."])
    return 1 if problems else 0


def _publish(arguments: argparse.Namespace) -> int:
    from hub_services.courses.models import NewCourse
    from hub_services.courses.publish import PublishRefused, publish

    about = _course_file(arguments.folder)
    platform = _platform(arguments.state)
    files, problems = _files(arguments.folder, platform.settings)
    if problems:
        return _refused(arguments, problems)
    try:
        with platform.database.begin() as connection:
            teacher = _teacher(connection, arguments.teacher)
            wished = NewCourse(about.title, about.language, about.slug)
            done = publish(platform, connection, teacher, wished, files)
    except PublishRefused as refused:
        return _refused(arguments, refused.sentences)
    return _report(arguments, platform, done)


def _report(arguments: argparse.Namespace, platform: "Platform", done: "Published") -> int:
    address = f"{platform.settings.addresses.public_url}/courses/{done.course.slug}"
    word = "made" if done.is_new else "updated"
    _say(arguments, [f"{done.course.title}: {word}, {done.files} files, {address}", *_shown(done.notes)])
    reasons = [] if done.job is None or arguments.no_wait else _follow(arguments, platform, done.job)
    found = {"course": done.course.key, "address": address, "new": done.is_new, "files": done.files}
    if arguments.json:
        print(json.dumps(found | {"notes": _shown(done.notes), "problems": reasons}, ensure_ascii=False))
    return 1 if reasons else 0


def _follow(arguments: argparse.Namespace, platform: "Platform", number: int) -> list[str]:
    """Print what the build says until it ends; why it failed, if it did."""
    from hub_services.courses.sentences import unpack

    seen, waited, pause = 0, 0.0, threading.Event()
    while True:
        with platform.database.read() as connection:
            job = platform.jobs.get(connection, number)
            lines = platform.jobs.log_after(connection, number, seen)
        for line in lines:
            seen = line.id
            _say(arguments, [line.text])
        if job is None or (not job.is_live and not lines):
            return _shown(unpack(job.reason)) if job and job.state == "failed" else []
        if job.state == "waiting" and waited > _PATIENCE_SECONDS:
            raise CannotProceed(
                "the build waits, and nobody takes it; does Himalia run? `himalia up` starts it, the build follows."
            )
        pause.wait(_LOOK_SECONDS)
        waited += _LOOK_SECONDS


def _course_file(folder: Path) -> CourseFile:
    path = folder / "course.yaml"
    try:
        return CourseFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise CannotProceed(f"{path} is not there; `himalia course new FOLDER` begins one, it needs at least a title.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CannotProceed(f"{path} cannot be read: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        keys = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'course.yaml'}: {e['msg']}" for e in error.errors())
        raise CannotProceed(f"{path}: {keys} (its keys are title, language, slug).") from error


def _files(folder: Path, settings: Any) -> tuple[dict[str, bytes], list["Sentence"]]:
    from hub_services.courses.folder import FolderRefused, read
    from hub_services.courses.materials import limits_of

    try:
        return dict(read(folder, limits_of(settings))), []
    except FolderRefused as refused:
        return {}, list(refused.sentences)


def _platform(folder: Path) -> "Platform":
    from hub_config.settings.load import load
    from hub_services.web.platform import assemble

    settings = Path(os.environ.get("HIMALIA_SETTINGS") or folder / "run" / "settings.json")
    if not os.access(settings, os.R_OK):
        raise CannotProceed(f"{settings} cannot be read; name the state folder of a Himalia that was started with --state.")
    return assemble(load(settings))


def _teacher(connection: Any, who: str) -> "Person":
    from hub_services.people.api import find_people

    found = find_people(connection, who)
    if len(found) != 1:
        problem = "nobody has signed in with" if not found else "several people share"
        raise CannotProceed(f"{problem} {who}; give the person id, which the page People shows to administrators.")
    return found[0]


def _refused(arguments: argparse.Namespace, problems: Sequence["Sentence"]) -> int:
    _tell(arguments, {"good": False, "problems": _shown(problems)}, _shown(problems))
    return 1


def _shown(sentences: Sequence["Sentence"]) -> list[str]:
    from hub_services.web.i18n import translator

    words = translator("fr" if os.environ.get("LANGUAGE", os.environ.get("LANG", "")).startswith("fr") else "en")
    return [sentence.show(words) for sentence in sentences]


def _tell(arguments: argparse.Namespace, found: dict[str, Any], lines: Sequence[str]) -> int:
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    _say(arguments, lines)
    return 0


def _say(arguments: argparse.Namespace, lines: Sequence[str]) -> None:
    """Lines for a person; with --json the output is the script's alone, so they go beside it."""
    for line in lines:
        print(line, file=sys.stderr if arguments.json else sys.stdout, flush=True)


_NOTEBOOK_NAME = {"fr": "bienvenue.ipynb", "en": "welcome.ipynb"}
_WELCOME = {
    "fr": "Chaque cellule s'exécute avec Maj+Entrée. Remplacez ce notebook par les vôtres.",
    "en": "Each cell runs with Shift+Enter. Put your own notebooks in place of this one.",
}


def _notebook(title: str, language: str) -> dict[str, Any]:
    text: dict[str, Any] = {
        "cell_type": "markdown",
        "id": "welcome",
        "metadata": {},
        "source": f"# {title}\n\n{_WELCOME[language]}",
    }
    source = "import numpy as np\n\nnp.random.default_rng(1).normal(size=5).mean()"
    code: dict[str, Any] = {
        "cell_type": "code",
        "id": "first",
        "metadata": {},
        "source": source,
        "execution_count": None,
        "outputs": [],
    }
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": [text, code]}


_ACTIONS = {"new": _new, "check": _check, "publish": _publish}
