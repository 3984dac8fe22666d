"""What Himalia keeps beside a person's course folder: releases, receipts, the names of the assignments."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from himalia_lab.folders import OutsideCourse, replace

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def known_name(assignment: str) -> str:
    """The name, if it is one that an assignment can have. Raises OutsideCourse: it becomes a folder's name."""
    if not _NAME.fullmatch(assignment):
        raise OutsideCourse(assignment)
    return assignment


@dataclass(frozen=True)
class Workspace:
    """`root` is the course's folder as Lab shows it, `home` where we keep our own files (`~/.himalia`)."""

    root: Path
    home: Path

    def names(self) -> frozenset[str]:
        """The assignments known here, also when the platform cannot be reached."""
        known = _read(self.home / "assignments.json")
        return frozenset(known) if isinstance(known, list) else frozenset()

    def remember_names(self, names: frozenset[str]) -> None:
        """Keep what the platform listed; a withdrawn assignment's folder stays one."""
        every = self.names() | names
        if every != self.names():
            replace(self.home / "assignments.json", json.dumps(sorted(every)).encode())

    def kept_release(self, assignment: str) -> bytes | None:
        """The sujet as it was last fetched."""
        path = self._release(assignment)
        return path.read_bytes() if path.exists() else None

    def keep_release(self, assignment: str, archive: bytes) -> None:
        replace(self._release(assignment), archive)

    def keep_receipt(self, receipt: dict[str, Any]) -> None:
        """A copy of the receipt in the person's own files: it can be shown without the platform."""
        path = self.home / "receipts" / str(receipt["assignment"]) / f"{receipt['id']}.json"
        replace(path, json.dumps(receipt, ensure_ascii=False, indent=1).encode())

    def receipts(self, assignment: str) -> list[dict[str, Any]]:
        """The kept receipts of one assignment, the last one first."""
        found = [_read(path) for path in (self.home / "receipts" / assignment).glob("*.json")]
        whole = [receipt for receipt in found if isinstance(receipt, dict)]
        return sorted(whole, key=lambda receipt: str(receipt.get("received_at")), reverse=True)

    def synced(self, assignment: str) -> str | None:
        """The digest of the source that the platform and this folder last had in common."""
        known = _read(self.home / "sources.json")
        return known.get(assignment) if isinstance(known, dict) else None

    def remember_synced(self, assignment: str, digest: str) -> None:
        known = _read(self.home / "sources.json")
        every = {**(known if isinstance(known, dict) else {}), assignment: digest}
        replace(self.home / "sources.json", json.dumps(every).encode())

    def _release(self, assignment: str) -> Path:
        return self.home / "releases" / f"{assignment}.zip"


def _read(path: Path) -> Any:
    """A small JSON file of ours; a missing or torn one counts as absent."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
