"""Which folder is which assignment, which notebook comes first, and how one file is replaced."""

import os
import re
import tempfile
from pathlib import Path, PurePosixPath

SOURCE = "source"


class OutsideCourse(Exception):
    """A path that does not lie in the course's folder."""


def inside(root: Path, path: str) -> Path:
    """The file that a path relative to the course's folder names. Raises OutsideCourse for any other."""
    base = root.resolve()
    target = (base / path.strip("/")).resolve()
    if not target.is_relative_to(base) or target == base:
        raise OutsideCourse(path)
    return target


def assignment_of(path: str, names: frozenset[str]) -> str | None:
    """The assignment a path belongs to: `TP1/a.ipynb` or `source/TP1/a.ipynb`, if TP1 is one."""
    parts = PurePosixPath(path.strip("/")).parts
    name = parts[1] if len(parts) > 2 and parts[0] == SOURCE else parts[0] if len(parts) > 1 else None
    return name if name in names else None


def notebooks(folder: Path) -> list[Path]:
    """The notebooks of a folder: nearest the top, then in the order that people count in (2 before 10)."""
    found = [path for path in folder.rglob("*.ipynb") if not _hidden(path.relative_to(folder))]
    return sorted(found, key=lambda path: (len(path.relative_to(folder).parts), _counted(str(path))))


def first_notebook(folder: Path) -> Path | None:
    """The notebook to open first."""
    return next(iter(notebooks(folder)), None)


def replace(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step: a reader sees the former file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:80]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _counted(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name.casefold())
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
