"""Keeps a version at each save, brings one back, starts again from the sujet; one thing at a time, in one thread."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from himalia_lab.folders import assignment_of, inside, replace
from himalia_lab.versions.store import VersionStore
from himalia_lab.versions.thinning import SAVED, Version
from himalia_lab.workspace import Workspace

_log = logging.getLogger("himalia_lab")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Keeper:
    """The versions of every notebook in an assignment's folder."""

    def __init__(self, workspace: Workspace, now: Callable[[], datetime] = _utc_now) -> None:
        self._workspace = workspace
        self._now = now
        # One thread: a save, a restore and a thinning of the same notebook never meet, and no save waits for one.
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="himalia-versions")

    def saved(self, os_path: str, model: dict[str, Any], contents_manager: object) -> None:
        """A post-save hook of the contents manager: keeps notebooks of assignments, a moment later."""
        del contents_manager
        path = Path(os_path)
        if model.get("type") == "notebook" and path.is_relative_to(self._workspace.root):
            self.thread.submit(self._keep_saved, path.relative_to(self._workspace.root).as_posix())

    def keep(self, path: str, reason: str = SAVED) -> Version | None:
        """Keep the notebook as it is on disk."""
        return self._store(path).keep(inside(self._workspace.root, path).read_bytes(), self._now(), reason)

    def keep_quietly(self, path: str, reason: str = SAVED) -> None:
        """The same where a version that cannot be kept (disk full) must cost nothing else."""
        try:
            self.keep(path, reason)
        except OSError:
            _log.warning("No version kept of %s", path, exc_info=True)

    def versions(self, path: str) -> list[Version]:
        """The kept versions of a notebook, oldest first."""
        inside(self._workspace.root, path)
        return self._store(path).versions()

    def content(self, path: str, identifier: str) -> bytes:
        """What a version holds. Raises NotKept."""
        inside(self._workspace.root, path)
        return self._store(path).content(identifier)

    def restore(self, path: str, identifier: str) -> None:
        """Bring a version back; the notebook as it is now is kept first. Raises NotKept."""
        self.rewrite(path, lambda _: self.content(path, identifier), "before-restore")

    def rewrite(self, path: str, change: Callable[[bytes], bytes], reason: str) -> None:
        """Change a notebook on disk, keeping it as it was under `reason` and as it becomes."""
        target = inside(self._workspace.root, path)
        current = target.read_bytes() if target.exists() else None
        changed = change(current or b"{}")
        if current is not None:
            self._store(path).keep(current, self._now(), reason)
        replace(target, changed)
        self._store(path).keep(changed, self._now())

    def _store(self, path: str) -> VersionStore:
        # The notebook's own name ends in .ipynb, so no folder of versions can hold another notebook's.
        return VersionStore(inside(self._workspace.home / "versions", path))

    def _keep_saved(self, path: str) -> None:
        if assignment_of(path, self._workspace.names()):
            self.keep_quietly(path)
