"""Control groups: where they are, and what they counted."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from himalia_sandbox import Limits
from himalia_sandbox.groups import Group, GroupError, create_v1, create_v2, sweep, v1_mounts

MOUNTS = """\
tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,nosuid,memory 0 0
cgroup /sys/fs/cgroup/pids cgroup rw,nosuid,pids 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
"""


def test_controllers_are_found_where_they_are_mounted() -> None:
    assert v1_mounts(MOUNTS) == {
        "cpu": Path("/sys/fs/cgroup/cpu,cpuacct"),
        "memory": Path("/sys/fs/cgroup/memory"),
        "pids": Path("/sys/fs/cgroup/pids"),
    }


def test_version_2_alone_has_no_version_1_controllers() -> None:
    assert v1_mounts("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n") == {}


def test_an_out_of_memory_end_is_counted_in_both_versions(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    (one / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
    (two / "memory.events").write_text("low 0\nmax 3\noom 1\noom_kill 1\noom_group_kill 0\n")
    assert Group((one,)).oom_kills() == 2
    assert Group((two,)).oom_kills() == 1
    assert Group((tmp_path,)).oom_kills() == 0


def test_a_folder_that_is_no_control_group_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    mounts = {name: tmp_path / name for name in ("memory", "pids", "cpu")}
    with pytest.raises(GroupError):
        create_v1("a", Limits(1, 1), mounts)
    with pytest.raises(GroupError):
        create_v2("a", Limits(1, 1), tmp_path)
    assert not list(tmp_path.rglob("*.*"))
    assert not list(tmp_path.rglob("himalia/a"))


def test_only_empty_groups_that_are_old_are_swept(tmp_path: Path) -> None:
    for name in ("old", "young", "busy"):
        (tmp_path / name).mkdir()
    (tmp_path / "busy" / "child").mkdir()
    for name in ("old", "busy"):
        os.utime(tmp_path / name, (0, 0))
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"young", "busy"}


def test_a_group_that_was_left_behind_is_ended_before_its_name_is_used_again(tmp_path: Path) -> None:
    mounts = {name: tmp_path / name for name in ("memory", "pids", "cpu")}
    with subprocess.Popen(["sleep", "60"]) as left:
        folder = tmp_path / "pids" / "himalia" / "a"
        folder.mkdir(parents=True)
        (folder / "cgroup.procs").write_text(f"{left.pid}\n")
        with pytest.raises(GroupError):
            create_v1("a", Limits(1, 1), mounts)
        assert left.wait(10) == -signal.SIGKILL
