"""Lab's own configuration for this person in this course: language, autosave, which of nbgrader's panels show.

Written at each start into a folder of ours that goes first in Jupyter's configuration path. They are defaults: what
the person chose in Lab's settings still wins.
"""

import json
import os
from pathlib import Path
from typing import Any

from himalia_lab.course import Course
from himalia_lab.folders import replace

AUTOSAVE_SECONDS = 10
_LOCALES = {"fr": "fr_FR", "en": "en"}
# Ours stands in its place, and it blocks the whole server while a notebook runs.
_REPLACED = ("@jupyter/nbgrader:validate-assignment",)
# Asks a host outside the site for news.
_OUTSIDE = ("@jupyterlab/apputils-extension:announcements",)
_FOR_TEACHERS = ("@jupyter/nbgrader:create-assignment", "@jupyter/nbgrader:formgrader", "@jupyter/nbgrader:course-list")


def setting_defaults(language: str) -> dict[str, dict[str, Any]]:
    """Defaults of Lab's settings, by plugin."""
    locale = _LOCALES.get(language[:2].lower())
    return {
        "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": AUTOSAVE_SECONDS},
        "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
        **({"@jupyterlab/translation-extension:plugin": {"locale": locale}} if locale else {}),
    }


def page_config(course: Course) -> dict[str, Any]:
    """Which plugins the page leaves out."""
    hidden = _REPLACED + _OUTSIDE + (_FOR_TEACHERS if course.role == "student" else ())
    return {"disabledExtensions": dict.fromkeys(hidden, True)}


def apply(folder: Path, course: Course, language: str) -> None:
    """Write both files and put their folder first in Jupyter's configuration path."""
    replace(folder / "labconfig" / "default_setting_overrides.json", json.dumps(setting_defaults(language)).encode())
    replace(folder / "labconfig" / "page_config.json", json.dumps(page_config(course)).encode())
    former = os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)
    every = [str(folder), *(path for path in former if path and path != str(folder))]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(every)
