"""The two environments that every machine has: the Jupyter server's own packages, and the kernel of a course without any."""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from hub_cli.one_machine import install, shelf

RECIPE = "1"  # changes when the way of building changes, so that older ones are built again
SHARED_STORE = "HIMALIA_ENVIRONMENTS"  # a folder where machines of a test or a class keep them, to build each once
EXTENSIONS = ("himalia_exchange", "himalia_lab")
LEFT_OUT = frozenset({"lib", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"})


def ensure_server(state: Path, log: Path) -> None:
    """JupyterLab and what Himalia adds to it, from uv.lock and the extensions' sources."""
    _ensure(state, "server", server_stamp(install.REPOSITORY), log, lambda folder: _sync(folder, log))


def ensure_bare(state: Path, requirements: tuple[str, ...], index_url: str, log: Path) -> None:
    """What a course has that names no requirements."""
    stamp = _digest("\n".join(requirements), index_url)
    index = ["--index-url", index_url] if index_url else []

    def fill(folder: Path) -> None:
        argv = [install.uv(), "pip", "install", "--python", str(folder), "--only-binary", ":all:", *index, *requirements]
        install.run(argv, log=log, what="The bare environment")

    _ensure(state, "bare", stamp, log, fill)


def server_stamp(repository: Path) -> str:
    sources = [repository / "uv.lock", repository / "pyproject.toml"]
    for name in EXTENSIONS:
        sources.extend(_sources(repository / "extensions" / name))
    return _digest(*(f"{path.relative_to(repository)} {_content(path)}" for path in sources))


def _sources(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        yield from (Path(parent, name) for name in sorted(files))


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(*parts: str) -> str:
    python = str(Path(install.PYTHON).resolve())
    return hashlib.sha256("\n".join((RECIPE, python, *parts)).encode()).hexdigest()[:16]


def _sync(folder: Path, log: Path) -> None:
    argv = [install.uv(), "sync", "--locked", "--only-group", "server", "--no-editable"]
    argv += [word for name in EXTENSIONS for word in ("--reinstall-package", name.replace("_", "-"))]
    install.run(argv, log=log, what="JupyterLab", env={"UV_PROJECT_ENVIRONMENT": str(folder)})


def _ensure(state: Path, name: str, stamp: str, log: Path, install_into: Callable[[Path], None]) -> None:
    """Leave `environments/NAME` as the stamp says. Servers that run keep the folder that they started with."""
    final, store = state / "environments" / name, os.environ.get(SHARED_STORE)
    if shelf.stamp_of(final) == stamp:
        return

    def fill(folder: Path, to_be: Path) -> None:
        argv = [install.uv(), "venv", "--relocatable", "--python", install.PYTHON, str(folder)]
        install.run(argv, log=log, what="Python")
        install_into(folder)
        _compile(folder, to_be, log)

    if store:
        shelf.take(Path(store), final, stamp, fill)
    else:
        shelf.make(final, stamp, fill)


def _compile(folder: Path, to_be: Path, log: Path) -> None:
    """Without bytecode a server's start takes twice as long. Some packages ship files that no Python 3 compiles: so be it."""
    argv = [str(folder / "bin/python"), "-m", "compileall", "-q", "-j2", "--invalidation-mode", "unchecked-hash"]
    argv += ["-s", str(folder), "-p", str(to_be), *map(str, folder.glob("lib/python3*/site-packages"))]
    with log.open("a", encoding="utf-8") as output:
        subprocess.run(argv, env=install.environment(), stdout=output, stderr=output, check=False)
