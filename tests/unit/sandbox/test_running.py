"""What is known of a sandbox after its program has ended, and across programs."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from himalia_sandbox import Process, Running, SandboxError
from himalia_sandbox.groups import Group


def ended(code: str) -> "subprocess.Popen[bytes]":
    popen = subprocess.Popen(["sh", "-c", code])
    popen.wait()
    return popen


def me() -> Process:
    process = Process.of(os.getpid())
    assert process
    return process


def test_a_record_names_the_same_sandbox(tmp_path: Path) -> None:
    running = Running(me(), Group((tmp_path / "a", tmp_path / "b")), tmp_path / "marker")
    assert Running.found(json.loads(json.dumps(running.record()))) == running
    assert Running.found(json.loads(json.dumps(Running(me(), None).record()))).alive()


@pytest.mark.parametrize(("code", "memory"), [("kill -9 $$", True), ("exit 137", True), ("exit 1", False), ("exit 0", False)])
def test_a_scope_that_systemd_removed_is_judged_by_how_it_ended(tmp_path: Path, code: str, memory: bool) -> None:
    assert Running(me(), Group((tmp_path / "gone",)), popen=ended(code)).oom_killed() is memory


def test_a_group_that_is_there_is_believed(tmp_path: Path) -> None:
    (tmp_path / "memory.events").write_text("oom_kill 0\n")
    assert not Running(me(), Group((tmp_path,)), popen=ended("kill -9 $$")).oom_killed()
    (tmp_path / "memory.events").write_text("oom_kill 1\n")
    assert Running(me(), Group((tmp_path,)), popen=ended("exit 0")).oom_killed()


def test_the_watchers_marker_is_believed_and_removed(tmp_path: Path) -> None:
    running = Running(me(), None, tmp_path / "marker")
    assert not running.oom_killed()
    (tmp_path / "marker").touch()
    assert running.oom_killed()
    assert running.cleanup()
    assert not (tmp_path / "marker").exists()


def test_only_the_program_that_launched_can_wait() -> None:
    with pytest.raises(SandboxError):
        Running(me(), None).wait(1)
