"""What this machine offers to keep code apart: found by trying, told in sentences."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from himalia_sandbox import groups
from himalia_sandbox.spec import MEBIBYTE, Limits

LimitMeans = Literal["cgroup2", "cgroup1", "systemd", "rlimit"]
_TRIAL = Limits(memory_bytes=64 * MEBIBYTE, processes=16)
_SENTENCES: Mapping[str, str] = {
    "cgroup2": "memory, processes and processor time are held by control groups (version 2)",
    "cgroup1": "memory, processes and processor time are held by control groups (version 1)",
    "systemd": "memory, processes and processor time are held by systemd scopes",
    "rlimit": "no control group can be made here: processes are held by rlimits, memory by a watcher, which is no hard limit",
}


@dataclass(frozen=True)
class Means:
    """How sandboxes are made on this machine."""

    bubblewrap: bool
    limits: LimitMeans
    uid: bool  # each person has a uid of their own
    reason: str = ""  # why bubblewrap cannot be used

    def sentences(self) -> tuple[str, ...]:
        """What holds, for people who look after the machine."""
        walls = (
            "code runs under bubblewrap: own files, own processes, no network"
            if self.bubblewrap
            else f"bubblewrap cannot be used: {self.reason}"
        )
        who = "each person's code has a uid of its own" if self.uid else "all code runs with the platform's uid"
        return (walls, _SENTENCES[self.limits], who)


def detect() -> Means:
    """Try what there is, best first. That sandboxes can be made holds until the process ends; that none can is tried again."""
    means = _tried()
    if not means.bubblewrap:
        _tried.cache_clear()
    return means


@cache
def _tried() -> Means:
    for root in (Path("/sys/fs/cgroup"), *v1_mounts().values()):
        groups.sweep(root / groups.PARENT)
    reason = _bubblewrap_refusal()
    return Means(bubblewrap=not reason, limits=_limits(), uid=os.geteuid() == 0, reason=reason)


@cache
def v1_mounts() -> Mapping[str, Path]:
    return groups.v1_mounts(Path("/proc/mounts").read_text(encoding="utf-8"))


def _bubblewrap_refusal() -> str:
    """Why no sandbox can be made, in a sentence; empty when one can."""
    program = shutil.which("bwrap")
    if not program:
        return "it is not installed (Debian and Ubuntu: apt-get install bubblewrap)"
    words = ("--unshare-all", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "--proc", "/proc", "true")
    person = ("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    done = subprocess.run((*person, program, *words), capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    said = " ".join(done.stderr.split())
    return f"{said} (Ubuntu 24.04: allow user namespaces to /usr/bin/bwrap in an AppArmor profile)"


def _limits() -> LimitMeans:
    name = f"trial-{uuid.uuid4().hex[:8]}"
    if (Path("/sys/fs/cgroup") / "cgroup.controllers").exists() and _can(lambda: groups.create_v2(name, _TRIAL)):
        return "cgroup2"
    if set(v1_mounts()) == {"memory", "pids", "cpu"} and _can(lambda: groups.create_v1(name, _TRIAL, v1_mounts())):
        return "cgroup1"
    return "systemd" if _systemd_scope_works() else "rlimit"


def _can(create: "groups.Maker") -> bool:
    try:
        return create().remove()
    except groups.GroupError:
        return False


def _systemd_scope_works() -> bool:
    if not shutil.which("systemd-run") or not Path("/run/systemd/system").exists():
        return False
    trial = (*scope("trial", _TRIAL), "true")
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def scope(name: str, limits: Limits) -> tuple[str, ...]:
    """The words that put what follows into a systemd scope of its own."""
    properties = (
        f"MemoryMax={limits.memory_bytes}",
        "MemorySwapMax=0",
        f"TasksMax={limits.processes}",
        f"CPUQuota={int(limits.cpus * 100)}%",
        f"OOMPolicy={'kill' if limits.all_die_together else 'continue'}",
    )
    whose = () if os.geteuid() == 0 else ("--user",)
    unit = f"--unit=himalia-{name}-{uuid.uuid4().hex[:8]}"
    return ("systemd-run", *whose, "--scope", "--quiet", "--collect", unit, *(w for p in properties for w in ("-p", p)), "--")
