"""Files that a teacher brings, sorted: what people of the course get, the list of packages, what is set aside and why; pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from himalia_exchange.archive import ArchiveRefused

from hub_services.courses.requirements import decode
from hub_services.courses.sentences import Sentence
from hub_services.web.i18n import N_

MEBIBYTE = 1024 * 1024
OLDEST_FORMAT = 4
_HIDDEN = re.compile(
    r"(^|/)(\.git|\.ipynb_checkpoints|__pycache__|__MACOSX|\.venv|node_modules)/|(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini)$"
)
# What nbgrader keeps beside the students' own files: solutions, other people's copies, marks.
_TEACHERS_OWN = re.compile(
    r"^(source|submitted|autograded|feedback|inbound|outbound|exchange)/|(^|/)gradebook\.db$|^nbgrader_config\.py$"
)
_SOLVED = re.compile(r"###\s*(BEGIN SOLUTION|BEGIN HIDDEN TESTS)")

_NO_NOTEBOOK = N_("There is no notebook (.ipynb) among these files. Check the address, the branch and the folder.")
_INVALID = N_("%(name)s is not a notebook: its content is damaged (line %(line)s). Open it in JupyterLab and save it again.")
_OLD = N_("%(name)s is a notebook of an old format (%(format)s). Open it in JupyterLab and save it again.")
_NO_CELLS = N_("%(name)s is not a notebook, in spite of its name: it has no cells.")
_TOO_LARGE = N_("%(name)s has %(size)s MB; a file of a course may have %(limit)s. Leave it out: a notebook can fetch or make it.")
_ALL_TOO_LARGE = N_("These files have %(size)s MB together; a course may have %(limit)s.")
_POINTER = N_("%(name)s is only a pointer to a file kept elsewhere (Git LFS). Drop the file itself on this page.")
_ASIDE_OWN = N_(
    "Kept from students, because they hold solutions or marks: %(names)s. Make assignments of them on the page Assignments."
)
_ASIDE_SOLVED = N_(
    "Kept from students, because they hold solutions: %(names)s. Make assignments of them on the page Assignments."
)
_REFUSED = {
    "link": N_("%(name)s is a link to another place, which is not followed. Put the file itself there."),
    "path": N_("%(name)s leads out of the folder. Nothing was taken."),
    "special": N_("%(name)s is not a file. Leave it out."),
    "long-name": N_("%(name)s has too long a name. Shorten it."),
    "case-clash": N_("%(name)s differs from another name only by small and capital letters. Rename one."),
    "duplicate": N_("%(name)s is there twice. Remove one."),
    "too-many": N_("These are too many files: at most 2,000 are taken."),
    "too-large": N_("%(name)s is larger than a course may hold. Leave it out: a notebook can fetch or make it."),
    "encrypted": N_("This zip asks for a password. Make one without."),
    "not-zip": N_("This zip is damaged or not a zip. Make it again."),
    "damaged": N_("This zip is damaged at %(name)s. Make it again."),
}
_UNREADABLE = N_("%(name)s cannot be read.")


@dataclass(frozen=True)
class Limits:
    """How much a course may hold, in bytes."""

    file: int
    total: int


@dataclass(frozen=True)
class Intake:
    """Files sorted. With `problems` nothing is taken at all; `notes` say what was set aside."""

    materials: Mapping[str, bytes]
    requirements: str | None  # the text of requirements.txt, if there is one
    notes: tuple[Sentence, ...]
    problems: tuple[Sentence, ...]


def sort(files: Mapping[str, bytes], limits: Limits, *, needs_notebook: bool) -> Intake:
    """Sort `files` by their path in the course. Never raises: each problem is a sentence that names its file."""
    visible = {name: content for name, content in files.items() if not _HIDDEN.search(name)}
    teachers = {name for name in visible if _TEACHERS_OWN.search(name)}
    shown = {name: content for name, content in visible.items() if name not in teachers}
    listed = next((decode(content) for name, content in shown.items() if name == "requirements.txt"), None)
    problems = [*_sizes(visible, limits)]
    if needs_notebook and not any(name.endswith(".ipynb") for name in visible):
        problems.append(Sentence(_NO_NOTEBOOK))
    problems += [found for name, content in shown.items() if (found := _problem(name, content))]
    solved = {
        name for name, content in shown.items() if name.endswith(".ipynb") and _SOLVED.search(content.decode(errors="replace"))
    }
    materials = {name: content for name, content in shown.items() if name not in solved}
    notes = (*_aside(_ASIDE_OWN, teachers), *_aside(_ASIDE_SOLVED, solved))
    return Intake({} if problems else materials, listed, notes, tuple(problems))


def without_outer_folder(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """What people zip is most often one folder: its name is left out."""
    outer = {name.split("/")[0] for name in files}
    if len(outer) != 1 or not all("/" in name for name in files):
        return files
    return {name.split("/", 1)[1]: content for name, content in files.items()}


def refused(error: ArchiveRefused) -> Sentence:
    """Why an archive or a folder is not taken."""
    return Sentence(_REFUSED.get(error.reason, _UNREADABLE), {"name": error.name})


def too_large(name: str, size: int, limit: int) -> Sentence:
    """A single file beyond the limit, both in bytes."""
    return Sentence(_TOO_LARGE, {"name": name, "size": _megabytes(size), "limit": limit // MEBIBYTE})


def all_too_large(size: int, limit: int) -> Sentence:
    """All files together beyond the limit, both in bytes."""
    return Sentence(_ALL_TOO_LARGE, {"size": _megabytes(size), "limit": limit // MEBIBYTE})


def _sizes(files: Mapping[str, bytes], limits: Limits) -> list[Sentence]:
    large = [too_large(name, len(content), limits.file) for name, content in files.items() if len(content) > limits.file]
    total = sum(map(len, files.values()))
    return large or ([all_too_large(total, limits.total)] if total > limits.total else [])


def _problem(name: str, content: bytes) -> Sentence | None:
    if content.startswith(b"version https://git-lfs"):
        return Sentence(_POINTER, {"name": name})
    return _notebook_problem(name, content) if PurePosixPath(name).suffix == ".ipynb" else None


def _notebook_problem(name: str, content: bytes) -> Sentence | None:
    try:
        notebook = json.loads(content)
    except json.JSONDecodeError as error:
        return Sentence(_INVALID, {"name": name, "line": error.lineno})
    except (UnicodeDecodeError, RecursionError):
        return Sentence(_INVALID, {"name": name, "line": 1})
    if not isinstance(notebook, dict) or not isinstance(notebook.get("nbformat"), int):
        return Sentence(_NO_CELLS, {"name": name})
    if notebook["nbformat"] < OLDEST_FORMAT:
        return Sentence(_OLD, {"name": name, "format": notebook["nbformat"]})
    return None if isinstance(notebook.get("cells"), list) else Sentence(_NO_CELLS, {"name": name})


def _is_solved(name: str, content: bytes) -> bool:
    return name.endswith(".ipynb") and bool(_SOLVED.search(content.decode(errors="replace")))


def _aside(text: str, names: set[str]) -> list[Sentence]:
    tops = sorted({name.split("/")[0] + ("/" if "/" in name else "") for name in names})
    return [Sentence(text, {"names": ", ".join(tops[:8])})] if names else []


def _megabytes(size: int) -> int:
    return max(1, round(size / MEBIBYTE))
