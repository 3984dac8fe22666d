"""Real attacks from inside a sandbox: what they reach, and what the machine and a neighbour notice of them."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from himalia_sandbox import MEBIBYTE, Bind, Limits, Process, Running, Sandbox, SandboxError, detect, launch

pytestmark = pytest.mark.service
PYTHON = "/usr/bin/python3"
LIMITS = Limits(256 * MEBIBYTE, 64)
FORK_BOMB = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
LOOK = """
import ctypes, errno, fcntl, json, os, socket, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
PLACES = ("/usr", "/etc", "/", "/dev", "/opt", sys.argv[4])
def call(*arguments):
    return libc.syscall(*arguments) if libc.syscall(*arguments) >= 0 else errno.errorcode[ctypes.get_errno()]
def family(number, kind=socket.SOCK_STREAM, protocol=0):
    try:
        socket.socket(number, kind, protocol).close()
        return "open"
    except OSError as error:
        return errno.errorcode[error.errno]
def attempt(action):
    try:
        action()
        return "done"
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
def shell(command):
    return subprocess.run(command, shell=True, capture_output=True).returncode == 0
print(json.dumps({
    "identity": [os.getuid(), os.getgid(), os.getgroups()],
    "capabilities": [line.split()[1] for line in open("/proc/self/status") if line.startswith("Cap")],
    "root": sorted(os.listdir("/")),
    "accounts": open("/etc/passwd").read().count("\\n"),
    "processes": sorted(int(name) for name in os.listdir("/proc") if name.isdigit()),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "signal": attempt(lambda: os.kill(int(sys.argv[1]), 0)),
    "abstract": attempt(lambda: socket.socket(socket.AF_UNIX).connect("\\0" + sys.argv[2])),
    "other": attempt(lambda: os.listdir(sys.argv[3])),
    "link": attempt(lambda: (os.symlink(sys.argv[3], "/tmp/link"), os.listdir("/tmp/link"))),
    "write": [path for path in PLACES if attempt(lambda: open(path + "/x", "w")) == "done"],
    "device": attempt(lambda: os.mknod("/tmp/device", 0o20666, os.makedev(1, 1))),
    "mount": shell("mount -t tmpfs x /tmp"),
    "namespace": shell("unshare -Ur true"),
    "families": [family(17, socket.SOCK_RAW), family(2, socket.SOCK_RAW, 1), family(40), family(38, socket.SOCK_SEQPACKET)],
    "keys": call(250, 0, -3, 1),
    "ring": call(425, 8, ctypes.create_string_buffer(256)),
    "bpf": call(321, 0, 0, 0),
    "clone3": call(435, 0, 0),
    "descriptors": sorted(os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")[:-1] if int(fd) > 2),
    "inject": attempt(lambda: fcntl.ioctl(0, 0x5412, b"x")),
    "superuser": shell("su root -c id </dev/null"),
}))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other uids can pass through, which pytest's are not."""
    with tempfile.TemporaryDirectory(prefix="himalia-sandbox-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def run(sandbox: Sandbox, *argv: str, seconds: float = 20) -> tuple[int | None, str, Running]:
    """The exit code (None: it had to be ended), the output, and what ran, ended and not yet cleaned up."""
    with tempfile.TemporaryFile() as output:
        running = launch(sandbox, argv, stdout=output, stderr=output)
        try:
            code: int | None = running.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        output.seek(0)
        return code, output.read().decode(errors="replace"), running


def sandbox(name: str, **more: object) -> Sandbox:
    uid = 200_100 if os.geteuid() == 0 else None
    return Sandbox(name, LIMITS, uid=uid, environment={"PATH": "/usr/bin:/bin"}, **more)  # type: ignore[arg-type]


def test_code_finds_no_way_out(folder: Path) -> None:
    other, shown = folder / "other", folder / "shown"
    for made in (other, shown):
        made.mkdir(mode=0o777)
        made.chmod(0o777)
    name = f"himalia-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"\0{name}")
        listener.listen()
        walls = sandbox("look", read_only=(Bind(shown),))
        code, text, running = run(walls, PYTHON, "-c", LOOK, str(os.getpid()), name, str(other), str(shown))
    running.end()
    assert code == 0, text
    seen = json.loads(text.splitlines()[-1])
    assert seen["identity"] == [1000, 1000, []]
    assert set(seen["capabilities"]) == {"0000000000000000"}
    assert set(seen["root"]) == {"bin", "dev", "etc", "lib", "lib64", "proc", "run", "sbin", "tmp", "usr"}
    assert seen["accounts"] == 2
    assert seen["processes"] == [1]
    assert seen["interfaces"] == ["lo"]
    assert (seen["signal"], seen["abstract"]) == ("ESRCH", "ECONNREFUSED")
    assert (seen["other"], seen["link"]) == ("ENOENT", "ENOENT")
    assert seen["write"] == []
    assert (seen["device"], seen["mount"], seen["namespace"], seen["superuser"]) == ("EPERM", False, False, False)
    assert seen["families"] == ["EAFNOSUPPORT", "EPERM", "EAFNOSUPPORT", "EAFNOSUPPORT"]
    assert (seen["keys"], seen["ring"], seen["bpf"], seen["clone3"]) == ("EPERM", "EPERM", "EPERM", "ENOSYS")
    assert seen["inject"] == "EPERM"
    assert seen["descriptors"] == []


def test_a_fork_bomb_disturbs_no_neighbour() -> None:
    slowest: list[float] = []
    done = threading.Event()

    def neighbour() -> None:
        while not done.is_set():
            begun = time.monotonic()
            launch(sandbox("neighbour"), ["true"]).end()
            slowest.append(time.monotonic() - begun)

    watching = threading.Thread(target=neighbour)
    watching.start()
    try:
        code, _, running = run(sandbox("bomb"), PYTHON, "-c", FORK_BOMB, seconds=3)
    finally:
        done.set()
        watching.join()
    begun = time.monotonic()
    running.end()
    assert code is None
    assert time.monotonic() - begun < 2
    assert not running.alive()
    assert max(slowest) < 5


@pytest.mark.parametrize(
    "program",
    ["a = bytearray(10 << 30)", "import subprocess, sys; subprocess.run([sys.executable, '-c', 'a = bytearray(10 << 30)'])"],
    ids=["itself", "in a child"],
)
def test_ten_gigabytes_are_seen_as_out_of_memory(program: str) -> None:
    _, _, running = run(sandbox("memory"), PYTHON, "-c", program)
    assert running.oom_killed()
    running.end()


def test_an_ordinary_end_is_not_out_of_memory() -> None:
    code, _, running = run(sandbox("plain"), "sh", "-c", "exit 7")
    assert code == 7
    assert not running.oom_killed()
    assert running.cleanup()


def test_a_hundred_short_commands_are_each_waited_for() -> None:
    for number in range(100):
        running = launch(sandbox("short"), ["sh", "-c", f"exit {number}"])
        assert running.wait(20) == number
        running.end()


def test_every_place_that_can_be_written_has_an_end() -> None:
    fill = "for d in /tmp /dev/shm /run; do dd if=/dev/zero of=$d/x bs=1M count=200 2>&1 | tail -1; rm -f $d/x; done; exit 0"
    walls = sandbox("fill", temporary={"/tmp": 8 * MEBIBYTE, "/dev/shm": 8 * MEBIBYTE, "/run": MEBIBYTE})
    code, text, running = run(walls, "sh", "-c", fill)
    assert not running.oom_killed()
    running.end()
    assert code == 0
    written = [int(line.split()[0]) for line in text.splitlines() if "copied" in line]
    assert written == [8 * MEBIBYTE, 8 * MEBIBYTE, MEBIBYTE]


def test_the_environment_is_in_no_process_title() -> None:
    walls = Sandbox("secret", LIMITS, uid=200_100 if os.geteuid() == 0 else None, environment={"PATH": "/usr/bin", "T": "s3cr3t"})
    running = launch(walls, ["sleep", "60"])
    try:
        titles = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.parent.exists()]
        assert not any(b"s3cr3t" in title for title in titles)
    finally:
        running.end()


def test_killing_bubblewrap_alone_leaves_it_running_and_the_record_ends_it() -> None:
    running = launch(sandbox("outer"), ["sleep", "60"])
    assert running.popen
    running.popen.send_signal(signal.SIGKILL)
    running.popen.wait()
    found = Running.found(json.loads(json.dumps(running.record())))
    assert found.alive()
    found.end()
    assert not found.alive()


def test_a_sandbox_can_end_with_its_parent() -> None:
    program = (
        "from himalia_sandbox import *; import os, sys\n"
        f"s = Sandbox('child', Limits(1 << 28, 64), uid={200_100 if os.geteuid() == 0 else None}, die_with_parent=True)\n"
        "read, write = os.pipe()\n"
        "r = launch(s, ['/bin/sh', '-c', 'echo up; exec sleep 60'], stdout=write)\n"
        "os.read(read, 3)\n"
        "print(r.process.pid, r.process.start_time, r.process.boot, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    pid, start, boot = done.stdout.split()
    assert Process(int(pid), int(start), boot).wait(5)


def test_an_inherited_unix_listener_cannot_be_turned_into_a_way_out(folder: Path) -> None:
    program = (
        "import ctypes, socket, struct, sys\n"
        "fd = int(sys.argv[1]); libc = ctypes.CDLL(None, use_errno=True)\n"
        "print(libc.connect(fd, struct.pack('H14x', 0), 16), ctypes.get_errno())"
    )
    with socket.socket(socket.AF_UNIX) as listener, tempfile.TemporaryFile() as output:
        listener.bind(str(folder / "s"))
        listener.listen()
        words = [PYTHON, "-c", program, str(listener.fileno())]
        running = launch(sandbox("fd"), words, stdout=output, pass_fds=(listener.fileno(),))
        running.wait(10)
        running.end()
        output.seek(0)
        assert output.read().split() == [b"-1", b"22"]


def test_what_cannot_be_shown_is_an_error_with_words() -> None:
    code, text, running = run(sandbox("gone", read_only=(Bind(Path("/nowhere")),)), "true")
    running.end()
    assert code == 1
    assert "/nowhere" in text


def test_no_bubblewrap_no_sandbox() -> None:
    with pytest.raises(SandboxError, match="No sandbox can be made"):
        launch(sandbox("none"), ["true"], how=replace(detect(), bubblewrap=False, reason="it is not installed"))
