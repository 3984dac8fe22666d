"""The two environments that every machine has: the Jupyter server's own packages, and the kernel of a course without any."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from hub_cli.one_machine import install

RECIPE = "1"  # changes when the way of building changes, so that older ones are built again
SHARED_STORE = "HIMALIA_ENVIRONMENTS"  # a folder where machines of a test or a class keep them, to build each once
EXTENSIONS = ("himalia_exchange", "himalia_lab")
LEFT_OUT = frozenset({"lib", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"})
STAMP = ".himalia-stamp"


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


def _ensure(state: Path, name: str, stamp: str, log: Path, fill: Callable[[Path], None]) -> None:
    """Leave `environments/NAME` as the stamp says. Servers that run keep the folder that they started with."""
    final = state / "environments" / name
    if _stamp(final) == stamp:
        return
    with _building(final, log) as folder:
        shared = _shared(name, stamp)
        if shared is None:
            _build(folder, final, stamp, log, fill)
        else:
            _ensure_shared(shared, stamp, log, fill)
            _copy(shared, folder)


def _stamp(folder: Path) -> str:
    path = folder / STAMP
    return path.read_text(encoding="ascii") if path.exists() else ""


def _shared(name: str, stamp: str) -> Path | None:
    store = os.environ.get(SHARED_STORE)
    return Path(store) / f"{name}-{stamp}" if store else None


def _ensure_shared(shared: Path, stamp: str, log: Path, fill: Callable[[Path], None]) -> None:
    """Whoever comes first builds, the others wait."""
    shared.parent.mkdir(parents=True, exist_ok=True)
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _stamp(shared) != stamp:
            with _building(shared, log) as folder:
                _build(folder, shared, stamp, log, fill)


@contextlib.contextmanager
def _building(final: Path, log: Path) -> Iterator[Path]:
    """A folder beside the final one, which takes its place when it is whole."""
    new, old = (final.with_name(f".{final.name}.{word}") for word in ("new", "old"))
    log.parent.mkdir(parents=True, exist_ok=True)
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    yield new
    if final.exists():
        final.rename(old)
    new.rename(final)


def _build(folder: Path, final: Path, stamp: str, log: Path, fill: Callable[[Path], None]) -> None:
    """Relocatable, since it is renamed; compiled, since a start without bytecode takes twice as long."""
    install.run([install.uv(), "venv", "--relocatable", "--python", install.PYTHON, str(folder)], log=log, what="Python")
    fill(folder)
    _compile(folder, final, log)
    (folder / STAMP).write_text(stamp, encoding="ascii")


def _compile(folder: Path, final: Path, log: Path) -> None:
    """Some packages ship files that are not Python 3: their failure is no failure of ours."""
    argv = [str(folder / "bin/python"), "-m", "compileall", "-q", "-j2", "--invalidation-mode", "unchecked-hash"]
    argv += ["-s", str(folder), "-p", str(final), *map(str, folder.glob("lib/python3*/site-packages"))]
    with log.open("a", encoding="utf-8") as output:
        subprocess.run(argv, env=install.environment(), stdout=output, stderr=output, check=False)


def _copy(source: Path, target: Path) -> None:
    """Hard links where both are on one file system, copies elsewhere."""
    try:
        shutil.copytree(source, target, symlinks=True, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True)
