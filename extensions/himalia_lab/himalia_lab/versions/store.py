"""The kept versions of one notebook on disk: a log of lines and one compressed file per content."""

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from himalia_lab.folders import replace
from himalia_lab.versions.thinning import SAVED, Version, thinned, too_soon, within

LIMIT_BYTES = 64 * 1024 * 1024
_THIN_EVERY = 20


class NotKept(Exception):
    """No version of that name is kept."""


@dataclass(frozen=True)
class VersionStore:
    """The versions of one notebook, in a folder of its own. Used by one thread at a time."""

    folder: Path
    limit_bytes: int = LIMIT_BYTES

    def keep(self, content: bytes, at: datetime, reason: str = SAVED) -> Version | None:
        """Keep `content`; None for a plain save that changed nothing, or of a large notebook within a minute."""
        every = self.versions()
        digest = hashlib.sha256(content).hexdigest()
        if reason == SAVED and self._known(every, digest, len(content), at):
            return None
        size = self._put(digest, content)
        version = Version(_fresh_id(at, every), at, digest, size, reason)
        self._append(version)
        if len(every) % _THIN_EVERY == _THIN_EVERY - 1:
            self.thin(at)
        return version

    def versions(self) -> list[Version]:
        """All that is kept, oldest first; a line torn by a crash is passed over."""
        try:
            lines = self._log.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        return [version for line in lines if (version := _parsed(line))]

    def content(self, identifier: str) -> bytes:
        """The notebook as that version had it. Raises NotKept."""
        found = next((version for version in self.versions() if version.id == identifier), None)
        if found is None:
            raise NotKept(identifier)
        try:
            content = zlib.decompress(self._object(found.sha256).read_bytes())
        except (OSError, zlib.error) as error:
            raise NotKept(identifier) from error
        return content

    def thin(self, now: datetime) -> None:
        """Forget what the rules no longer keep, and the contents that nothing names any more."""
        every = self.versions()
        kept = within(thinned(every, now), self.limit_bytes)
        if kept != every:
            replace(self._log, b"".join(_line(version) for version in kept))
            named = {self._object(version.sha256).name for version in kept}
            for path in self._objects.iterdir():
                if path.name not in named:
                    path.unlink(missing_ok=True)

    def _known(self, every: list[Version], digest: str, size: int, at: datetime) -> bool:
        newest = every[-1] if every else None
        return newest is not None and (newest.sha256 == digest or too_soon(newest, size, at))

    @property
    def _log(self) -> Path:
        return self.folder / "log.jsonl"

    @property
    def _objects(self) -> Path:
        return self.folder / "contents"

    def _object(self, digest: str) -> Path:
        return self._objects / f"{digest}.z"

    def _put(self, digest: str, content: bytes) -> int:
        path = self._object(digest)
        if not path.exists():
            replace(path, zlib.compress(content, 1))
        return path.stat().st_size

    def _append(self, version: Version) -> None:
        with self._log.open("ab") as log:
            if log.tell() and not self._log.read_bytes().endswith(b"\n"):
                log.write(b"\n")
            log.write(_line(version))


def _fresh_id(at: datetime, every: list[Version]) -> str:
    taken = {version.id for version in every}
    stem = f"{at:%Y%m%dT%H%M%S}"
    return next(name for n in range(len(taken) + 1) if (name := f"{stem}-{n}") not in taken)


def _line(version: Version) -> bytes:
    record = {**version.__dict__, "at": version.at.isoformat()}
    return json.dumps(record).encode() + b"\n"


def _parsed(line: bytes) -> Version | None:
    try:
        record = json.loads(line)
        return Version(**{**record, "at": datetime.fromisoformat(record["at"])})
    except (ValueError, TypeError, KeyError):
        return None
