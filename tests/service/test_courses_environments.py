"""Environments really built, from the index: what a class gets, what a teacher reads when it fails, what survives."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import source_hash
from pathlib import Path

import psutil
import pytest

from hub_services.courses import build, store
from hub_services.courses.contained import Tool, Walls, interpreter, run
from hub_services.courses.gate import Door
from tests.service.courses_platform import Bench, bench, reasons

pytestmark = pytest.mark.service
_pause = threading.Event()


@pytest.fixture(scope="module")
def site() -> Iterator[Bench]:
    """One bench for all: the wheels are fetched once."""
    with bench(addresses={"metrics_port": _free_port()}) as found:
        yield found


@pytest.fixture(scope="module")
def built(site: Bench) -> str:
    """The digest of a first environment, in service."""
    job = site.build("attrs==25.3.0\n")
    assert job.state == "done", reasons(job)
    return site.environment


def until(condition: Callable[[], object], seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not come true"
        _pause.wait(0.05)


def test_the_class_gets_what_was_asked_for_and_a_kernel(site: Bench, built: str) -> None:
    python = site.folder(built) / "bin" / "python"
    code = "import attr, ipykernel, json, sys; print(json.dumps([attr.__version__, sys.prefix]))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    version, prefix = json.loads(done.stdout)
    assert version == "25.3.0"
    assert prefix == str(site.folder(built))
    lock = (site.folder(built) / "requirements.lock").read_text()
    assert "attrs==25.3.0" in lock
    assert "--hash=sha256:" in lock


def test_everyone_may_read_it_and_its_bytecode_is_never_checked_again(site: Bench, built: str) -> None:
    modules = list(site.folder(built).glob("lib/python*/site-packages/attr/*.py"))
    assert modules
    for module in modules:
        compiled = module.parent / "__pycache__" / f"{module.stem}.{sys.implementation.cache_tag}.pyc"
        header = compiled.read_bytes()[4:16]
        assert header == b"\x01\0\0\0" + source_hash(module.read_bytes())  # PEP 552: unchecked hash
        assert all(path.stat().st_mode & 0o444 == 0o444 for path in (module, compiled))
    folders = [site.folder(built), *(p for p in site.folder(built).rglob("*") if p.is_dir() and not p.is_symlink())]
    assert all(folder.stat().st_mode & 0o555 == 0o555 for folder in folders)


def test_the_same_content_is_built_once(site: Bench, built: str) -> None:
    started = time.monotonic()
    job = site.build("# the same, written otherwise\nATTRS==25.3.0\r\nipykernel\n")
    assert job.result is not None
    assert (job.result["environment"], job.result["reused"]) == (built, True)
    assert time.monotonic() - started < 30


def test_environments_share_their_files(site: Bench, built: str) -> None:
    job = site.build("attrs==25.3.0\nsix\n")
    assert job.state == "done", reasons(job)
    digest = site.environment
    assert digest != built
    names = [p.relative_to(site.folder(built)) for p in site.folder(built).rglob("*.py*") if p.is_file()]
    shared = [n for n in names if (site.folder(digest) / n).exists()]
    same = [n for n in shared if (site.folder(digest) / n).stat().st_ino == (site.folder(built) / n).stat().st_ino]
    assert len(same) > 0.95 * len(shared) > 0


def test_a_contradiction_names_both_and_changes_nothing(site: Bench, built: str) -> None:
    before = site.environment
    job = site.build("requests==2.32.3\nurllib3==1.20\n")
    assert job.state == "failed"
    assert reasons(job)[:3] == [
        "Two packages of your list cannot go together, because they need different versions of urllib3:",
        "– requests==2.32.3 asks for urllib3>=1.21.1,<3",
        "– your list asks for urllib3==1.20",
    ]
    assert site.environment == before
    assert "urllib3" in site.log(job.id)


@pytest.mark.parametrize(
    ("packages", "says"),
    [
        ("numppy", "No package is called numppy. Did you mean numpy?"),
        ("six==99", "six exists, but not in the version asked for (==99)"),
        ("six>1.16\nsix<1.15", "no version is both"),
        ("docopt", "docopt has no ready-made package for this site’s Python"),
        ("tensorflow==1.15", "tensorflow 1.15.0 has no ready-made package for this site’s Python"),
    ],
)
def test_what_cannot_be_had_is_said_plainly(site: Bench, built: str, packages: str, says: str) -> None:
    before = site.environment
    job = site.build(packages)
    assert job.state == "failed"
    assert says in reasons(job)[0]
    assert site.environment == before
    assert site.left_over() == []


def test_a_kernel_that_could_not_start_never_reaches_the_class(site: Bench, built: str) -> None:
    before = site.environment
    job = site.build("ipykernel==5.5\npyzmq>=26\n")
    assert job.state == "failed"
    assert len(reasons(job)) == 1
    assert reasons(job)[0].startswith("ipykernel was installed but cannot be imported")
    assert site.environment == before


def test_a_stopped_build_leaves_nothing(site: Bench, built: str) -> None:
    before = site.environment
    number = site.ask("networkx==3.4.2\n")
    claimed = site.platform.jobs.claim(("build",))
    assert claimed is not None
    with site.platform.database.begin() as connection:
        build.cancel(site.platform, connection, site.karim, site.course)
    assert build.handle(site.platform, claimed) == {"cancelled": True}
    site.platform.jobs.finish(claimed, "cancelled")
    assert site.job(number).state == "cancelled"
    assert site.environment == before
    assert site.left_over() == []


def test_one_click_goes_back(site: Bench, built: str) -> None:
    with site.platform.database.begin() as connection:
        build.use(site.platform, connection, site.karim, site.course, built)
        newest = store.history(connection, site.course.key)[0]
    assert site.environment == built == newest.environment.digest


def test_a_build_reaches_the_index_and_nothing_else(site: Bench) -> None:
    code = (
        "import socket, sys\n"
        "def reach(host, port):\n"
        "    s = socket.create_connection(('127.0.0.1', 18083), 5)\n"
        "    s.sendall(b'\\x05\\x01\\x00'); s.recv(2)\n"
        "    s.sendall(b'\\x05\\x01\\x00\\x03' + bytes([len(host)]) + host.encode() + port.to_bytes(2, 'big'))\n"
        "    return s.recv(10)[1]\n"
        "print(reach('pypi.org', 443), reach('pypi.org', 80), reach('localhost', 443), reach('169.254.169.254', 80))\n"
        "try:\n"
        "    socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5); print('reached')\n"
        "except OSError: print('alone')\n"
    )
    with _listener() as port:
        tool = Tool(
            (str(interpreter()), "-c", code, str(port)),
            directory=Path("/"),
            seconds=30,
            doors=(Door("pypi.org", inner=True),),
        )
        done = run(tool, Walls(True, 199_999), stop=lambda: "")
    assert done.output.decode().split() == ["0", "2", "2", "2", "alone"], done.errors


def test_a_killed_worker_is_followed_by_another_and_the_class_keeps_its_environment(site: Bench, built: str) -> None:
    before = site.environment
    number = site.ask("six\nnetworkx==3.4.2\nsympy\n")
    worker = _worker(site)
    try:
        until(lambda: "Installing" in site.log(number), 60)
        inside = [child.pid for child in psutil.Process(worker.pid).children(recursive=True)]
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        until(lambda: not any(_runs(pid) for pid in inside), 20)
        assert (site.environment, site.job(number).state) == (before, "running")
    finally:
        worker.kill()
    worker = _worker(site)
    try:
        until(lambda: not site.job(number).is_live, 120)
    finally:
        worker.terminate()
        worker.wait(30)
    assert site.job(number).state == "done", site.log(number)
    assert site.job(number).attempt == 2
    assert site.environment != before
    assert site.left_over() == []
    with site.platform.database.read() as connection:
        entries = store.history(connection, site.course.key)
    assert [entry.environment.digest for entry in entries].count(site.environment) == 1


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _worker(site: Bench) -> "subprocess.Popen[bytes]":
    """A worker of its own, as the supervisor starts it."""
    settings = site.platform.settings.state / "settings.json"
    settings.write_text(site.platform.settings.model_dump_json())
    environment = os.environ | {"HIMALIA_SETTINGS": str(settings)}
    return subprocess.Popen([sys.executable, "-m", "hub_cli.main", "serve", "worker"], env=environment)


def _free_port() -> int:
    with _listener() as port:
        return port


@contextmanager
def _listener() -> Iterator[int]:
    """A port of this machine that answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])
