"""The supervisor with small processes of its own: started, restarted, adopted, ended."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from himalia_sandbox import Process

from hub_cli.supervisor import backoff, plan, process, record
from hub_cli.supervisor.child import Child
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.guard import spawn_supervisor
from hub_cli.supervisor.plan import Plan, Probe, Program

SLEEPER = (sys.executable, "-S", "-c", "import signal; signal.pause()")
BROKEN = (sys.executable, "-S", "-c", "raise SystemExit('OSError: the disk is full\\n\\nsee above')")


def until(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true within ten seconds."""
    waiting = threading.Event()
    return any(condition() or waiting.wait(0.02) for _ in range(500))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    made = Folder(tmp_path)
    for path in (made.run / "servers", tmp_path / "logs"):
        path.mkdir(parents=True)
    yield made
    left = record.read(made.record)
    process.end([entry.process for entry in left.processes.values()] if left else [], seconds=5)


def a_plan(folder: Folder, *programs: Program) -> Plan:
    made = Plan("http://localhost:1", ({"name": "Amina"},), programs, dict(os.environ), "http://127.0.0.1:1", "none")
    plan.write(folder.plan, made)
    return made


def guard(folder: Folder) -> Program:
    return Program("guard", (sys.executable, "-m", "hub_cli.supervisor.guard", str(folder.state)), Probe())


def now(folder: Folder) -> record.Record:
    found = record.read(folder.record)
    assert found is not None
    return found


def is_ready(folder: Folder) -> bool:
    found = record.read(folder.record)
    return found is not None and found.state == "ready"


def test_the_plan_is_read_as_it_was_written(folder: Folder) -> None:
    program = Program("web", ("a", "b"), Probe(80, "/health"), {"A": "b"}, {"TOKEN": "/secret"})
    made = a_plan(folder, program, Program("relay", ("c",), Probe(socket="/s")))
    assert plan.read(folder.plan) == made
    assert folder.plan.stat().st_mode & 0o777 == 0o600


def test_a_killed_process_is_started_again_and_all_of_them_end_together(folder: Folder) -> None:
    a_plan(folder, Program("one", SLEEPER, Probe()), Program("two", SLEEPER, Probe()))
    supervisor = spawn_supervisor(folder)
    assert until(lambda: is_ready(folder))
    first, second = (now(folder).processes[name].process for name in ("one", "two"))
    first.send(signal.SIGKILL)
    assert until(lambda: now(folder).processes["one"].restarts == 1)
    revived = now(folder).processes["one"].process
    assert revived.alive()
    assert now(folder).processes["two"].process == second
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(10) == 0
    assert not [one for one in (revived, second) if one.alive()]
    assert record.read(folder.record) is None


def test_the_guard_revives_the_supervisor_which_finds_its_processes(folder: Folder) -> None:
    a_plan(folder, guard(folder), Program("one", SLEEPER, Probe()))
    supervisor = spawn_supervisor(folder)
    assert until(lambda: is_ready(folder))
    one = now(folder).processes["one"].process
    assert now(folder).processes["guard"].restarts == 0
    supervisor.kill()
    supervisor.wait()
    assert until(lambda: now(folder).is_alive(record.SUPERVISOR))
    assert now(folder).processes["one"].process == one
    assert one.alive()


def test_the_supervisor_revives_the_guard(folder: Folder) -> None:
    a_plan(folder, guard(folder))
    spawn = spawn_supervisor(folder)
    assert until(lambda: is_ready(folder))
    former = now(folder).processes["guard"].process
    former.send(signal.SIGKILL)
    assert until(lambda: now(folder).processes["guard"].process not in (former, Process(0, 0, "")))
    spawn.terminate()
    assert spawn.wait(10) == 0


def test_a_second_supervisor_of_a_folder_ends_at_once(folder: Folder) -> None:
    a_plan(folder, Program("one", SLEEPER, Probe()))
    first = spawn_supervisor(folder)
    assert until(lambda: is_ready(folder))
    assert spawn_supervisor(folder).wait(10) == 0
    assert first.poll() is None
    first.terminate()
    assert first.wait(10) == 0


def test_a_process_that_cannot_start_says_its_last_words(folder: Folder) -> None:
    a_plan(folder, Program("one", BROKEN, Probe(port=1)))
    supervisor = spawn_supervisor(folder)
    assert until(lambda: folder.record.exists() and now(folder).processes["one"].state == "failing")
    assert now(folder).processes["one"].note == "OSError: the disk is full"
    supervisor.terminate()
    assert supervisor.wait(10) == 0


def test_a_secret_reaches_the_process_and_neither_its_words_nor_the_plan(folder: Folder) -> None:
    secret = folder.state / "secret"
    secret.write_text("s3cret\n")
    program = Program("one", (*SLEEPER[:-1], "import os; print(os.environ['TOKEN'])"), Probe(), {}, {"TOKEN": str(secret)})
    a_plan(folder, program)
    child = Child(program, folder.log("one"))
    child.start(dict(os.environ), folder.run)
    assert until(lambda: folder.log("one").read_text() == "s3cret\n")
    assert "s3cret" not in folder.plan.read_text()
    child.has_died()


def test_a_zombie_is_not_adopted(folder: Folder) -> None:
    child = Child(Program("one", SLEEPER, Probe()), folder.log("one"))
    with subprocess.Popen(SLEEPER) as ended:
        known = Process.of(ended.pid)
        assert known is not None
        ended.kill()
        assert until(lambda: not known.alive())
        child.adopt(record.Entry(known, restarts=3))
    assert child.pidfd is None
    assert child.restarts == 3


def test_a_process_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    started = process.start((*SLEEPER[:-1], deaf), env=os.environ, cwd=tmp_path, log=tmp_path / "log")
    assert until(lambda: (tmp_path / "log").read_text() == "deaf\n")
    known = Process.of(started.pid)
    assert known is not None
    process.end([known], seconds=0.2)
    assert started.wait(5) == -signal.SIGKILL


def test_a_long_log_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOG_BYTES", 10)
    log = tmp_path / "web.log"
    log.write_text("a long story\n")
    process.start((sys.executable, "-c", ""), env=os.environ, cwd=tmp_path, log=log).wait()
    assert (tmp_path / "web.log.1").read_text() == "a long story\n"
    assert log.read_text() == ""


def test_a_record_of_another_boot_names_nobody(folder: Folder) -> None:
    me = Process.of(os.getpid())
    assert me is not None
    before = replace(me, boot="another")
    record.write(folder.record, record.Record("ready", "", (), {"one": record.Entry(before), "two": record.Entry(me)}))
    alive = [now(folder).is_alive(name) for name in ("one", "two", "three")]
    folder.record.unlink()  # what it names is ended after a test
    assert alive == [False, True, False]


def test_half_a_record_is_none(folder: Folder) -> None:
    folder.record.write_text("{")
    assert record.read(folder.record) is None


@pytest.mark.parametrize(("deaths", "seconds"), [(0, 0), (1, 0), (2, 0.5), (3, 1), (5, 4), (50, backoff.LONGEST_SECONDS)])
def test_a_crash_loop_slows_down(deaths: int, seconds: float) -> None:
    assert backoff.delay(deaths) == seconds


def test_a_process_that_lived_long_starts_at_once() -> None:
    assert backoff.deaths_in_a_row(7, backoff.SETTLED_SECONDS) == 1
    assert backoff.deaths_in_a_row(7, 1) == 8


def test_what_was_ready_once_is_never_given_up() -> None:
    assert not backoff.cannot_start(100, was_ready=True)
    assert backoff.cannot_start(backoff.GIVE_UP_AFTER, was_ready=False)
