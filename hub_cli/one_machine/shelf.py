"""Folders that appear whole or not at all, and a shelf of them that several state folders take from as hard links."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

STAMP = ".himalia-stamp"
KEPT = 4  # of each name: what is older and not being taken is removed when a new one is built

Fill = Callable[[Path, Path], None]  # makes the first folder, which will be renamed to the second


def stamp_of(folder: Path) -> str:
    """What the folder was made from; empty when it is not there."""
    path = folder / STAMP
    return path.read_text(encoding="ascii") if path.exists() else ""


def make(final: Path, stamp: str, fill: Fill) -> None:
    """Make `final`; what was there stays until the new one is whole."""
    with _beside(final) as folder:
        fill(folder, final)
        (folder / STAMP).write_text(stamp, encoding="ascii")


def take(shelf: Path, final: Path, stamp: str, fill: Fill) -> None:
    """Leave in `final` what the shelf has under this stamp; whoever comes first makes it, the others wait."""
    kept = shelf / f"{final.name}-{stamp}"
    shelf.mkdir(parents=True, exist_ok=True)
    with _locked(kept):
        if stamp_of(kept) != stamp:
            make(kept, stamp, fill)
            _tidy(shelf, final.name)
        os.utime(kept)
        with _beside(final) as folder:
            copy(kept, folder)


def _tidy(shelf: Path, name: str) -> None:
    for old in sorted(shelf.glob(f"{name}-*[0-9a-f]"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        with contextlib.suppress(BlockingIOError), _locked(old, wait=False):
            shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def _locked(kept: Path, *, wait: bool = True) -> Iterator[None]:
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


@contextlib.contextmanager
def _beside(final: Path) -> Iterator[Path]:
    """A folder beside the final one, which takes its place at the end. Programs that run in the former one keep it."""
    new, old = (final.with_name(f".{final.name}.{word}") for word in ("new", "old"))
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    yield new
    if final.exists():
        final.rename(old)
    new.rename(final)


def copy(source: Path, target: Path) -> None:
    """Hard links where both are on one file system, copies elsewhere."""
    try:
        shutil.copytree(source, target, symlinks=True, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True)
