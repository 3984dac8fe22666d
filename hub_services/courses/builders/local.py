"""SEAM 2 on one machine: a store of environments, one folder per content, hard links between them, read-only to people."""

import fcntl
import json
import os
import platform as machine
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uv
from himalia_sandbox import SandboxError

from hub_config.settings.model import EnvironmentSettings, Settings
from hub_services.courses.builders import BuildCancelled, BuildRefused, BuildRequest, Built, Listener, bytecode, smoke
from hub_services.courses.conflicts import explain
from hub_services.courses.contained import NO_SANDBOX, Outcome, Stopped, Tool, Walls, interpreter, run
from hub_services.courses.gate import Door
from hub_services.courses.locks import digest_of, packages_of
from hub_services.courses.sentences import Sentence
from hub_services.web.i18n import N_

SCHEMA = "1"  # raise it when the same lock would be installed otherwise
PYPI = "https://pypi.org/simple"
_FREE_BYTES = 1024**3
_SMOKE_SECONDS = 180

_RESOLVING = N_("Choosing versions that go together…")
_WARNING = N_("Careful: %(text)s")
_CHOSEN = N_("%(count)s packages chosen, for Python %(python)s.")
_KNOWN = N_("These packages were built before: nothing to install.")
_INSTALLING = N_("Installing…")
_INSTALLED = N_("Installed in %(seconds)s seconds.")
_TRYING = N_("Importing each package of the list…")
_BROKEN = N_("%(package)s was installed but cannot be imported: %(error)s")
_LIBRARY = N_(
    "%(package)s needs %(library)s, a library of the machine that is not there. Ask your administrator, or take another package."
)
_ODD = N_("The build did something that no build does and was thrown away. The environment in service is unchanged.")
_SLOW = N_("The build took longer than %(seconds)s seconds and was stopped. The environment in service is unchanged.")
_DISK = N_("The disk is nearly full, so the build was stopped. The environment in service is unchanged; tell your administrator.")


@dataclass(frozen=True)
class _Store:
    """The folders of environments. A builder may write in `work` alone; what is ready is moved out of it."""

    root: Path
    work: Path
    cache: Path
    locks: Path


class LocalBuilder:
    """Builds in `STATE/environments`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.environments
        isolated = settings.isolation.mode != "none"
        # As root, builds have a uid of their own, below those of people.
        self._walls = Walls(isolated, settings.isolation.first_uid - 1)
        owner = self._walls.uid if isolated and os.geteuid() == 0 else os.geteuid()
        self._store = _prepare(settings.state / "environments", owner)
        self._doors = doors(self._settings)

    def has(self, digest: str) -> bool:
        """Whether that environment is there."""
        return (self._store.root / digest / "pyvenv.cfg").exists()

    def build(self, request: BuildRequest, listener: Listener) -> Built:
        """Build what is asked, or find it built. Raises BuildRefused and BuildCancelled."""
        until = time.monotonic() + self._settings.build_seconds
        try:
            return self._build(request, listener, until)
        except SandboxError as error:
            raise BuildRefused(Sentence(NO_SANDBOX, {"text": str(error)})) from error
        except Stopped as stopped:
            if stopped.why == "cancelled":
                raise BuildCancelled from stopped
            values = {"seconds": self._settings.build_seconds}
            raise BuildRefused(Sentence(_DISK) if stopped.why == "disk" else Sentence(_SLOW, values)) from stopped

    def _build(self, request: BuildRequest, listener: Listener, until: float) -> Built:
        listener.phase(0)
        listener.say(Sentence(_RESOLVING))
        lock = self._resolve(request, listener, until)
        digest, packages = digest_of(lock, _base()), packages_of(lock)
        listener.say(Sentence(_CHOSEN, {"count": len(packages), "python": _python()}))
        with _alone(self._store.locks / digest, lambda: _stop(listener, self._store.root)):
            reused = self.has(digest)
            if reused:
                listener.say(Sentence(_KNOWN))
            else:
                self._make(digest, lock, request, listener, until)
        size = _size(self._store.root / digest)
        return Built(digest, lock, _python(), packages, size, reused)

    def _resolve(self, request: BuildRequest, listener: Listener, until: float) -> str:
        listed = "\n".join((*request.lines, *(() if "ipykernel" in request.names else ("ipykernel",))))
        words = ("pip", "compile", "-", "--generate-hashes", "--no-build", "--no-header", "--python", str(interpreter()))
        done = self._uv((*words, *_index(self._settings)), listener, until, given=listed.encode())
        if done.code != 0:
            raise BuildRefused(*explain(done.errors, _python()))
        for line in done.errors.splitlines():
            if line.startswith("warning: "):  # a version that was withdrawn, an extra that does not exist
                listener.say(Sentence(_WARNING, {"text": line.removeprefix("warning: ")}))
        return done.output.decode()

    def _make(self, digest: str, lock: str, request: BuildRequest, listener: Listener, until: float) -> None:
        """Install beside, try, and move into place in one step."""
        fresh = self._store.work / "new" / digest
        shutil.rmtree(fresh, ignore_errors=True)  # what a worker left that was killed
        listener.phase(1)
        listener.say(Sentence(_INSTALLING))
        started = time.monotonic()
        self._install(fresh, lock, listener, until)
        listener.say(Sentence(_INSTALLED, {"seconds": f"{time.monotonic() - started:.1f}"}))
        listener.phase(2)
        listener.say(Sentence(_TRYING))
        self._try(fresh, request, listener, until)
        _describe(fresh, lock)
        subprocess.run(("sync", "-f", fresh), check=False)  # whole on the disk before it is named
        fresh.rename(self._store.root / digest)

    def _install(self, fresh: Path, lock: str, listener: Listener, until: float) -> None:
        python = str(interpreter())
        made = self._uv(("venv", "--no-project", "--relocatable", "--python", python, str(fresh)), listener, until)
        words = ("pip", "install", "--python", str(fresh / "bin" / "python"), "--require-hashes", "--no-build", "--no-deps")
        how = ("--link-mode", "hardlink", "-r", "-")
        done = made if made.code else self._uv((*words, *how, *_index(self._settings)), listener, until, given=lock.encode())
        if done.code != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise BuildRefused(*explain(done.errors, _python()))
        self._compile(fresh, listener, until)

    def _compile(self, fresh: Path, listener: Listener, until: float) -> None:
        """Byte-compile without running a line of the packages; what fails is compiled at each import, so it is no error."""
        script, store = Path(bytecode.__file__), self._store.work / f"bytecode-{SCHEMA}-{_python()}"
        tool = Tool(
            (str(interpreter()), "-I", "-S", str(script), str(fresh / "lib"), str(store)),
            directory=self._store.work,
            seconds=max(1.0, until - time.monotonic()),
            read_only=(script,),
            writable=(self._store.work,),
        )
        run(tool, self._walls, stop=lambda: _stop(listener, self._store.root))

    def _try(self, fresh: Path, request: BuildRequest, listener: Listener, until: float) -> None:
        """Import what was asked for, without a network. Raises BuildRefused."""
        script = Path(smoke.__file__)
        tool = Tool(
            (str(fresh / "bin" / "python"), "-I", str(script), *dict.fromkeys((*request.names, "ipykernel"))),
            directory=fresh,
            seconds=min(_SMOKE_SECONDS, max(1.0, until - time.monotonic())),
            read_only=(fresh, script),
            environment={"MPLBACKEND": "Agg"},
        )
        done = run(tool, self._walls, stop=lambda: _stop(listener, self._store.root))
        broken = [_broken(*json.loads(line)) for line in done.output.decode(errors="replace").splitlines() if line[:2] == '["']
        if done.code != 0 and not broken:
            broken = [Sentence(_BROKEN, {"package": ", ".join(request.names), "error": done.errors[-300:] or str(done.code)})]
        if broken:
            shutil.rmtree(fresh, ignore_errors=True)
            raise BuildRefused(*broken)

    def _uv(self, words: Sequence[str], listener: Listener, until: float, given: bytes = b"") -> Outcome:
        program = uv.find_uv_bin()
        tool = Tool(
            (program, "--no-config", "--color", "never", "--no-progress", *words),
            directory=self._store.work,
            seconds=max(1.0, until - time.monotonic()),
            read_only=(Path(program),),
            writable=(self._store.work,),
            doors=self._doors,
            environment={
                "UV_CACHE_DIR": str(self._store.cache),
                "UV_PYTHON_DOWNLOADS": "never",
            },
        )
        return run(tool, self._walls, stop=lambda: _stop(listener, self._store.root), given=given)


def doors(settings: EnvironmentSettings) -> tuple[Door, ...]:
    """Where a build may go: the index, and the hosts that it serves files from; named by the site, so inner ones too."""
    parts = urlsplit(index_url(settings))
    port = parts.port or (80 if parts.scheme == "http" else 443)
    return (Door(parts.hostname or "", port, inner=True), *(Door(host, inner=True) for host in settings.files_hosts))


def index_url(settings: EnvironmentSettings) -> str:
    """The site's index: from the settings, else as uv is told in this process's environment, else PyPI."""
    told = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL")
    return settings.index_url or told or PYPI


def _index(settings: EnvironmentSettings) -> tuple[str, ...]:
    return ("--default-index", index_url(settings))


def _prepare(root: Path, owner: int) -> _Store:
    work = root / ".build"
    store = _Store(root, work, work / f"cache-{owner}", root / ".locks")
    root.mkdir(parents=True, exist_ok=True, mode=0o755)
    store.locks.mkdir(exist_ok=True, mode=0o700)
    for folder in (work, work / "new", store.cache):
        folder.mkdir(exist_ok=True, mode=0o755)
        if os.geteuid() == 0:
            os.chown(folder, owner, owner)
    return store


@contextmanager
def _alone(path: Path, stop: Callable[[], str]) -> Iterator[None]:
    """Hold the lock at `path`: one build per content, whichever worker; the kernel frees it when a worker dies."""
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                why = stop()
                if why:
                    raise Stopped(why) from None
                time.sleep(0.2)
        yield


def _stop(listener: Listener, root: Path) -> str:
    if listener.cancelled():
        return "cancelled"
    return "disk" if shutil.disk_usage(root).free < _FREE_BYTES else ""


def _describe(fresh: Path, lock: str) -> None:
    """Leave in the folder what it is made of. The builder, which has less rights, made the folder: no link of it is followed."""
    if fresh.is_symlink() or not fresh.is_dir():
        raise BuildRefused(Sentence(_ODD))
    path = fresh / "requirements.lock"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(lock)
    fresh.chmod(0o755)


def _broken(package: str, _module: str, error: str) -> Sentence:
    library = error.split("ImportError: ", 1)[-1].split(": cannot open shared object file")
    if len(library) > 1:
        return Sentence(_LIBRARY, {"package": package, "library": library[0].strip()})
    return Sentence(_BROKEN, {"package": package, "error": error[:300]})


def _size(folder: Path) -> int:
    return sum(os.lstat(Path(root) / name).st_size for root, _, names in os.walk(folder) for name in names)


def _python() -> str:
    return machine.python_version()


def _base() -> str:
    return f"{SCHEMA} {machine.python_implementation()} {_python()} {machine.system()} {machine.machine()}"
