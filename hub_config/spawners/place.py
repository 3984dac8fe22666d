"""The folders of one person's server in one course, on the machine's side: made, owned, and safe to make again."""

import hashlib
import os
import socket
import stat
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PLAIN = f"{string.ascii_lowercase}{string.digits}-"
LONGEST_SOCKET = 107  # bytes: the kernel's limit for a Unix socket's path


class PlaceError(Exception):
    """The folders cannot be used; the text is a sentence for people who look after the machine."""


@dataclass(frozen=True)
class Place:
    """Where one server keeps what."""

    state: Path
    person: str
    course: str

    @property
    def folder(self) -> Path:
        return self.state / "people" / self.person / self.course

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def server(self) -> Path:
        return self.state / "run" / "servers" / self.person / self.course

    @property
    def jupyter(self) -> Path:
        """Configuration and kernel specification, shown read-only."""
        return self.server / "jupyter"

    @property
    def record(self) -> Path:
        return self.state / "run" / "servers" / f"{self.person}.{self.course}.json"

    @property
    def door(self) -> Path:
        """The folder of the socket, the platform's alone: in a shared one a swapped link would lead the proxy astray."""
        key = hashlib.sha256(f"{self.person}/{self.course}".encode()).hexdigest()[:12]
        return self.state / "run" / "doors" / key

    @property
    def listener(self) -> Path:
        return self.door / "s"

    @property
    def url(self) -> str:
        """The server's address as the hub and the proxy read it.

        Both lower-case the host part of an address before they decode it, so all but small letters are written as numbers.
        """
        path = "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02x}" for byte in os.fsencode(self.listener))
        return f"http+unix://{path}:80"

    def listen(self) -> socket.socket:
        """A listening socket at the server's address, to be handed to the server. Raises PlaceError."""
        longest = len(os.fsencode(self.listener)) + len(":80")
        if longest > LONGEST_SOCKET:
            raise PlaceError(f"{self.state} is too long a path for a state folder: by {longest - LONGEST_SOCKET} letters.")
        self.door.mkdir(parents=True, exist_ok=True)
        self.door.chmod(0o700)
        self.listener.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(self.listener))
        listening.listen(128)
        # The hub connects to the path, the proxy to the path with its port.
        beside = self.door / "s:80"
        beside.unlink(missing_ok=True)
        beside.symlink_to("s")
        return listening

    def forget(self) -> None:
        """Remove what belongs to a running server only."""
        for path in (self.door / "s:80", self.listener, self.record):
            path.unlink(missing_ok=True)

    def prepare(self, uid: int | None) -> None:
        """Make the person's folders, `uid`'s own (or the platform's, when None). Raises PlaceError."""
        if uid is not None:
            _refuse_closed(self.state)
        for folder in (self.folder.parent, self.folder, self.server):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)
        for folder in (self.home, self.work):
            folder.mkdir(exist_ok=True, mode=0o700)
            if uid is not None:
                _give(folder, uid)
        _mount_point(self.home, "course", uid)


def _refuse_closed(state: Path) -> None:
    closed = next((folder for folder in (state, *state.parents) if not folder.stat().st_mode & stat.S_IXOTH), None)
    if closed:
        raise PlaceError(f"{closed} is closed to other users: people's code runs as users of their own. chmod o+x {closed}")


def _give(folder: Path, uid: int) -> None:
    """Give a tree to `uid`, unless it has it; a link is given, never what it leads to."""
    if folder.stat().st_uid == uid:
        return
    for descriptor, names in _walk(folder):
        for name in names:
            os.chown(name, uid, uid, dir_fd=descriptor, follow_symlinks=False)
    os.chown(folder, uid, uid)


def _walk(folder: Path) -> Iterator[tuple[int, list[str]]]:
    for _, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        yield descriptor, [*folders, *files]


def _mount_point(home: Path, name: str, uid: int | None) -> None:
    """An empty folder in the person's home, where the course folder appears; what stood in the way steps aside."""
    descriptor = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        try:
            if stat.S_ISDIR(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode):
                return
            os.rename(name, f"{name}.moved", src_dir_fd=descriptor, dst_dir_fd=descriptor)
        except FileNotFoundError:
            pass
        os.mkdir(name, 0o700, dir_fd=descriptor)
        if uid is not None:
            os.chown(name, uid, uid, dir_fd=descriptor, follow_symlinks=False)
    finally:
        os.close(descriptor)
