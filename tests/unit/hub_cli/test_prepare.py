"""What a fresh machine is told by deploy/machine/prepare.sh, with programs that only pretend."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "deploy" / "machine" / "prepare.sh"
SYSTEM = ("sh", "ls", "grep", "mktemp", "rm", "cat", "env")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs, the only ones that the script finds: no bubblewrap, no git, an ordinary user without sudo."""
    for name in SYSTEM:
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    pretend(tmp_path, "id", "echo 1000")
    pretend(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/asked')
    pretend(tmp_path, "curl", "true")
    return tmp_path


def pretend(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def prepare(machine: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    variables = {"PATH": str(machine), "TMPDIR": str(machine)}
    return subprocess.run(["/bin/sh", str(SCRIPT), *words], env=variables, capture_output=True, text=True, check=False)


def test_an_ordinary_user_is_told_the_command_for_an_administrator(machine: Path) -> None:
    done = prepare(machine)
    assert done.returncode == 1
    assert done.stdout.startswith("Himalia needs these packages of the system: bubblewrap git")
    assert "run `sudo apt-get install bubblewrap git" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (machine / "asked").exists()


def test_sudo_without_a_password_is_used(machine: Path) -> None:
    pretend(machine, "sudo", '[ "$1" = -n ] || "$@"')
    done = prepare(machine)
    assert done.returncode == 0, done.stderr
    update, installed = (machine / "asked").read_text().splitlines()
    assert update == "update"
    assert installed.startswith("install -y --no-install-recommends bubblewrap git")
    assert done.stdout.splitlines()[-1].startswith("Installed: bubblewrap git")


def test_root_installs_by_itself(machine: Path) -> None:
    pretend(machine, "id", "echo 0")
    assert prepare(machine).returncode == 0
    assert "bubblewrap" in (machine / "asked").read_text()


def test_no_network_is_one_sentence(machine: Path) -> None:
    pretend(machine, "id", "echo 0")
    pretend(machine, "apt-get", "echo Temporary failure resolving; exit 100")
    done = prepare(machine)
    assert done.returncode == 1
    assert "is there a network?" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_system_without_apt_is_told_so(machine: Path) -> None:
    (machine / "apt-get").unlink()
    done = prepare(machine)
    assert done.returncode == 1
    assert "this system has no apt-get" in done.stderr


def test_nothing_is_said_where_nothing_is_missing(machine: Path) -> None:
    for name in ("bwrap", "git"):
        pretend(machine, name, "true")
    done = prepare(machine)
    assert (done.returncode, done.stdout) == (0, "")
