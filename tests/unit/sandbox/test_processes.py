"""A pid names a process only together with its start time and the boot."""

import dataclasses
import os
import signal
import subprocess

from himalia_sandbox import Process
from himalia_sandbox.processes import descendants


def test_a_process_is_itself_until_it_ends() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        process = Process.of(child.pid)
        assert process is not None
        assert process.alive()
        assert process.send(signal.SIGKILL)
        child.wait()
    assert not process.alive()
    assert not process.send(signal.SIGKILL)


def test_another_process_with_the_same_pid_is_left_alone() -> None:
    me = Process.of(os.getpid())
    assert me is not None
    earlier = dataclasses.replace(me, start_time=me.start_time - 1)
    assert not earlier.alive()
    assert not earlier.send(signal.SIGKILL)
    assert not dataclasses.replace(me, boot="another").alive()


def test_descendants_are_found_with_their_children() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 60 & echo $!; wait"], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        grandchild = int(child.stdout.readline())
        assert descendants(child.pid) == [child.pid, grandchild]
        os.kill(grandchild, signal.SIGKILL)
        child.communicate()


def test_a_process_that_has_ended_already_has_a_name_and_no_life() -> None:
    with subprocess.Popen(["true"]) as child:
        child.wait()
    assert not Process.named(child.pid).alive()
