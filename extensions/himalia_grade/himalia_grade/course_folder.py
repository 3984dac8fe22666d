"""A plain nbgrader course folder: its configuration, its paths, what is handed in, what grading leaves."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, rmtree
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from himalia_grade import copy_files, formats
from himalia_grade.models import CopyResult, Notebook

_NO_LIMIT = 1 << 40
_CONFIG = "nbgrader_config.py"


class CourseError(Exception):
    """The folder is not what grading needs; the text says what to do."""


@dataclass(frozen=True)
class Submitted:
    """One student's folder of an assignment."""

    student: str
    folder: Path
    timestamp: datetime | None


@dataclass(frozen=True)
class Course:
    """A course folder under its configuration."""

    directory: CourseDirectory
    config: Config

    @classmethod
    def at(cls, folder: Path) -> "Course":
        """The course in this folder. Raises CourseError."""
        if not folder.is_dir():
            raise CourseError(f"There is no folder {folder}.")
        config = configuration(folder)
        root = str(folder.resolve())
        given = config.get("CourseDirectory", {}).get("root")
        return cls(CourseDirectory(config=config, root=given or root), config)

    @property
    def database(self) -> str:
        return str(self.directory.db_url)

    def submitted(self, assignment: str, student: str = "*") -> list[Submitted]:
        """Who handed in notebooks of the assignment, in nbgrader's order. Raises CourseError where nobody did."""
        pattern = self._path(self.directory.submitted_directory, "*", assignment)
        excluded = set(filter(None, str(self.directory.student_id_exclude).split(",")))
        found = [
            Submitted(name, path, self.directory.get_existing_timestamp(str(path)))
            for name, path in self._students(pattern)
            if student in ("*", name) and name not in excluded and any(path.glob("*.ipynb"))
        ]
        if not found:
            who = "No student has" if student == "*" else f"{student} has not"
            raise CourseError(f"{who} handed in a notebook of {assignment}: nothing matches {pattern}/*.ipynb.")
        return found

    def graded_already(self, assignment: str, submitted: Submitted) -> bool:
        """Whether the graded copy is there and is not older than what was handed in."""
        graded = self.autograded(assignment, submitted.student)
        if not graded.exists():
            return False
        before = self.directory.get_existing_timestamp(str(graded))
        return not (submitted.timestamp and before and submitted.timestamp > before)

    def autograded(self, assignment: str, student: str) -> Path:
        return self._path(self.directory.autograded_directory, student, assignment)

    def source(self, assignment: str) -> Path:
        return self._path(self.directory.source_directory, ".", assignment)

    def solved(self, assignment: str) -> dict[str, Notebook]:
        """The teacher's solved notebooks by name; those that cannot be read are left out."""
        found = {}
        for path in sorted(self.source(assignment).glob("*.ipynb")):
            with suppress(OSError, ValueError):
                found[path.stem] = dict(formats.read(path.read_bytes()))
        return found

    def source_files(self, assignment: str) -> dict[str, bytes]:
        """The teacher's files that take the place of the student's."""
        folder = self.source(assignment)
        kept = set(self.config.get("Autograde", {}).get("exclude_overwriting", {}).get(assignment, []))
        names = sorted(os.path.relpath(path, folder) for path in find_all_files(str(folder), [*self.directory.ignore, "*.ipynb"]))
        return {name: (folder / name).read_bytes() for name in names if name not in kept}

    def write_graded(self, assignment: str, submitted: Submitted, result: CopyResult, files: Mapping[str, bytes]) -> None:
        """Leave the graded copy where `nbgrader autograde` leaves it: files, what the code made, executed notebooks."""
        target = self.autograded(assignment, submitted.student)
        self.remove_graded(assignment, submitted.student)
        for name, data in {**_regular(submitted.folder, self.directory.ignore), **files, **result.files}.items():
            _write(target / name, data)
        for notebook in result.notebooks:
            if notebook.executed:
                _write(target / f"{notebook.name}.ipynb", formats.written(notebook.executed))
        self._set_permissions(target)

    def remove_graded(self, assignment: str, student: str) -> None:
        target = self.autograded(assignment, student)
        if target.exists():
            rmtree(str(target))

    def _set_permissions(self, folder: Path) -> None:
        shared = bool(self.directory.groupshared)
        sections = [self.config.get(name, {}) for name in _PERMISSION_SECTIONS]
        given = next((section["permissions"] for section in sections if "permissions" in section), None)
        mode = int(str(given or (664 if shared else 444)), 8)
        for here, _folders, files in os.walk(folder):
            for name in files:
                (Path(here) / name).chmod(mode)
            if shared:
                Path(here).chmod(Path(here).stat().st_mode & 0o7777 | 0o2770)

    def _path(self, step: str, student: str, assignment: str) -> Path:
        return Path(os.path.normpath(self.directory.format_path(step, student, assignment)))

    def _students(self, pattern: Path) -> list[tuple[str, Path]]:
        """Names and folders that the course's folder structure gives; the star may be anywhere in it."""
        place = pattern.parts.index("*")
        base = Path(*pattern.parts[:place])
        folders = sorted(base.glob(str(Path(*pattern.parts[place:])))) if base.exists() else []
        return [(path.parts[place], path) for path in folders if path.is_dir() and not path.is_symlink()]


_PERMISSION_SECTIONS = ("AutogradeApp", "Autograde", "BaseConverter")


def configuration(folder: Path) -> Config:
    """nbgrader's configuration as it reads it: the user's files, then the course's."""
    merged = Config()
    for path in (*reversed(jupyter_config_path()), str(folder.resolve())):
        merged.merge(_loaded(path))
    return merged


def _loaded(folder: str) -> Any:
    try:
        return PyFileConfigLoader(_CONFIG, path=folder).load_config()
    except ConfigFileNotFound:
        return Config()
    except Exception as error:  # the file is a program: it may raise anything
        raise CourseError(f"{Path(folder) / _CONFIG} cannot be read: {error}") from error


def _regular(folder: Path, ignored: list[str]) -> dict[str, bytes]:
    return copy_files.read(folder, _NO_LIMIT, ignored).files


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
