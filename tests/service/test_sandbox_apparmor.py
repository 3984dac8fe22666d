"""Ubuntu 24.04's AppArmor: what the preparation does when it keeps bubblewrap from making user namespaces."""

import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.service
ROOT = Path(__file__).parents[2]
SETTING = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"


def prepare(machine: Path, *, restricted: bool, bwrap: int, parser: int) -> subprocess.CompletedProcess[str]:
    """Run the preparation on a pretended Ubuntu, in `machine`."""
    script = (ROOT / "deploy/machine/prepare.sh").read_text()
    script = script.replace(SETTING, str(machine / "setting")).replace("/etc/apparmor.d/", f"{machine}/")
    (machine / "setting").write_text("1\n" if restricted else "0\n")
    for name, code in (("bwrap", bwrap), ("apparmor_parser", parser), ("sudo", 1)):
        (machine / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (machine / name).chmod(0o755)
    path = f"{machine}:{os.environ['PATH']}"
    machine.chmod(0o755)
    return subprocess.run(["sh", "-c", script], cwd=ROOT, env={"PATH": path}, capture_output=True, text=True)


def test_elsewhere_nothing_is_done(tmp_path: Path) -> None:
    assert prepare(tmp_path, restricted=False, bwrap=1, parser=1).returncode == 0
    assert not (tmp_path / "himalia-bwrap").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="an administrator's part")
def test_where_bubblewrap_is_kept_back_it_is_allowed_and_said(tmp_path: Path) -> None:
    done = prepare(tmp_path, restricted=True, bwrap=1, parser=0)
    assert done.returncode == 0
    assert "bubblewrap may make user namespaces" in done.stdout
    assert "userns," in (tmp_path / "himalia-bwrap").read_text()


def test_without_the_right_to_it_the_way_is_told(tmp_path: Path) -> None:
    done = prepare(tmp_path, restricted=True, bwrap=1, parser=1)
    assert done.returncode == 1
    assert "apparmor_parser -r" in done.stderr
