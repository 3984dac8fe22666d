"""The folder that a student handed in, read without following what it might point at."""

import fnmatch
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")


@dataclass(frozen=True)
class HandedIn:
    """Contents by relative path; `left_out` names what is no regular file, or did not fit."""

    notebooks: dict[str, bytes]
    files: dict[str, bytes]
    left_out: tuple[str, ...]


def read(folder: Path, room: int, ignored: Sequence[str] = IGNORED) -> HandedIn:
    """Everything below the folder, as far as `room` bytes go. Notebooks of the top folder are by name, without suffix."""
    notebooks: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    for name in _names(folder, ignored):
        data = _regular(folder / name, room)
        if data is None:
            left_out.append(name)
            continue
        room -= len(data)
        if name.endswith(".ipynb"):
            if "/" not in name:
                notebooks[name.removesuffix(".ipynb")] = data
        else:
            files[name] = data
    return HandedIn(notebooks, files, tuple(left_out))


def _names(folder: Path, ignored: Sequence[str]) -> list[str]:
    names = []
    for here, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not _matches(name, ignored) and not (Path(here) / name).is_symlink())
        names += [(Path(here) / name).relative_to(folder).as_posix() for name in sorted(files) if not _matches(name, ignored)]
    return names


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _regular(path: Path, room: int) -> bytes | None:
    """The content of a regular file that fits; a link, a pipe or a device gives None."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        return file.read() if stat.S_ISREG(about.st_mode) and about.st_size <= room else None
