"""Sandboxes of an ordinary user, where no control group can be made: rlimits and the memory watcher."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.service
ORDINARY = 54_321
PROGRAM = """
import json, os, subprocess, sys, time
from dataclasses import replace
from himalia_sandbox import MEBIBYTE, Limits, Running, Sandbox, detect, launch

how = replace(detect(), limits="rlimit")
limits = Limits(200 * MEBIBYTE, 40)

def run(argv, seconds):
    running = launch(Sandbox("ordinary", limits, environment={"PATH": "/usr/bin:/bin"}), argv, how=how, stdout=subprocess.DEVNULL)
    try:
        code = running.wait(seconds)
    except subprocess.TimeoutExpired:
        code = None
    told = {"code": code, "memory": running.oom_killed(), "found": Running.found(running.record()).alive()}
    running.end()
    return told | {"alive": running.alive(), "marker": running.marker.exists()}

python = "/usr/bin/python3"
bomb = "import os\\nwhile True:\\n    try:\\n        os.fork()\\n    except OSError:\\n        pass"
print(json.dumps({
    "uid": detect().uid,
    "walls": detect().bubblewrap,
    "limits": detect().limits,
    "plain": run([python, "-c", "raise SystemExit(7)"], 20),
    "bomb": run([python, "-c", bomb], 2),
    "still mine": subprocess.run(["true"]).returncode,
    "memory": run([python, "-c", "import time; a = bytearray(1 << 30); time.sleep(20)"], 20),
    "child": run(["sh", "-c", f"{python} -c 'import time; a = bytearray(1 << 30); time.sleep(20)'; exit 1"], 20),
}))
"""


@pytest.fixture(scope="module")
def seen() -> Any:
    """What an ordinary user's program saw; the tests' own user, unless that is root."""
    words = [sys.executable, "-c", PROGRAM]
    if os.geteuid() == 0:
        words = ["/usr/bin/setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups", *words]
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", env={"PATH": "/usr/bin:/bin"}, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_ordinary_user_has_walls_and_no_uids_to_give(seen: Any) -> None:
    assert seen["walls"]
    assert not seen["uid"]
    assert seen["limits"] in ("rlimit", "systemd")


def test_an_exit_code_arrives(seen: Any) -> None:
    assert seen["plain"] == {"code": 7, "memory": False, "found": False, "alive": False, "marker": False}


def test_a_fork_bomb_leaves_the_user_able_to_work(seen: Any) -> None:
    assert seen["bomb"] == {"code": None, "memory": False, "found": True, "alive": False, "marker": False}
    assert seen["still mine"] == 0


@pytest.mark.parametrize("where", ["memory", "child"])
def test_the_watcher_ends_what_takes_too_much_memory(seen: Any, where: str) -> None:
    assert seen[where]["memory"]
    assert seen[where]["code"] != 0
    assert not seen[where]["alive"]
    assert not seen[where]["marker"]
