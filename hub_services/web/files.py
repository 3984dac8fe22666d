"""Files by content: what was put is on disk, whole, before `put` returns."""

import hashlib
import os
import tempfile
from pathlib import Path


class Files:
    """A folder of files named by their SHA-256."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, content: bytes) -> str:
        """Store `content` and return its SHA-256; durable (fsync of file and folder) when it returns. Raises OSError."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            self._write(path, content)
        # Also when it was there: whoever wrote it may be between its rename and this.
        _sync_folder(path.parent)
        _sync_folder(self._root)
        return digest

    def read(self, digest: str) -> bytes:
        """The content of `digest`. Raises FileNotFoundError."""
        return self.path(digest).read_bytes()

    def exists(self, digest: str) -> bool:
        return self.path(digest).exists()

    def path(self, digest: str) -> Path:
        """Where `digest` is or would be. Raises ValueError for what is no SHA-256."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256 in hexadecimal")
        return self._root / digest[:2] / digest

    def _write(self, path: Path, content: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).rename(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
