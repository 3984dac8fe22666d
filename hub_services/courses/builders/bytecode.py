"""Compile the modules of a new environment; a module that was compiled before, in any environment, is linked.

`bytecode.py SITE STORE` runs with the base Python and `-S`: not one line of the packages is run, their `.pth` files neither.
"""

import hashlib
import os
import py_compile
import shutil
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.util import cache_from_source
from pathlib import Path

# Never imported by people: a fifth of all files.
_TESTS = frozenset({"test", "tests"})


def main(words: list[str]) -> int:
    """Compile what lies under SITE, keeping each result in STORE by the hash of its source."""
    site, store = Path(words[0]), Path(words[1])
    store.mkdir(parents=True, exist_ok=True)
    missing = [source for source in sources(site) if not _linked(source, store)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_compile, missing, [store] * len(missing), chunksize=32))
    return 0


def sources(site: Path) -> Iterator[Path]:
    """The modules under `site`, tests left out."""
    for folder, folders, names in os.walk(site):
        folders[:] = [name for name in folders if name not in _TESTS]
        yield from (Path(folder) / name for name in names if name.endswith(".py"))


def _linked(source: Path, store: Path) -> bool:
    """Whether the module was compiled before: then it has its bytecode now."""
    kept = _kept(source, store)
    if not kept.exists():
        return False
    target = Path(cache_from_source(str(source)))
    target.parent.mkdir(exist_ok=True)
    if not target.exists():
        _link(kept, target)
    return True


def _compile(source: Path, store: Path) -> None:
    warnings.simplefilter("ignore")
    try:
        compiled = py_compile.compile(str(source), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except (py_compile.PyCompileError, OSError, RecursionError, ValueError):
        return  # a template, or Python 2: nobody imports it
    kept = _kept(source, store)
    if compiled and not kept.exists():
        fresh = kept.with_suffix(f".{os.getpid()}")
        _link(Path(compiled), fresh)
        fresh.rename(kept)


def _kept(source: Path, store: Path) -> Path:
    return store / hashlib.sha256(source.read_bytes()).hexdigest()


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file has a highest number of names
        shutil.copyfile(source, target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
