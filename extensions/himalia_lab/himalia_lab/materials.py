"""The course's own files, put into the person's folder: new ones appear, untouched ones follow the teacher's, the rest stays."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from typing import TYPE_CHECKING

from himalia_lab.folders import replace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from logging import Logger
    from pathlib import Path

    from himalia_lab.desk import Desk

RECORD = "materials.json"
_DELAY_SECONDS = 1.0  # the server has to answer first: a start waits for nothing


def deliver_soon(desk: Desk, log: Logger) -> None:
    """Bring the files a moment after the start, in a thread of their own, if there are any that were not brought."""
    wanted = os.environ.get("HIMALIA_MATERIALS", "")
    if not wanted or _record(desk.workspace.home).get("") == wanted:
        return
    timer = threading.Timer(_DELAY_SECONDS, _deliver, (desk, wanted, log))
    timer.daemon = True
    timer.start()


def lay_out(files: Mapping[str, bytes], root: Path, home: Path, digest: str) -> list[str]:
    """Write what is new or was left untouched; whatever the person changed or removed stays so. The names written."""
    record = _record(home)
    written = [name for name, content in files.items() if _put(root / name, content, record.get(name))]
    delivered = {name: _digest(content) for name, content in files.items()}
    replace(home / RECORD, json.dumps({**record, **delivered, "": digest}).encode())
    return written


def _deliver(desk: Desk, digest: str, log: Logger) -> None:
    from himalia_exchange.archive import ArchiveRefused, Limits, unpack
    from himalia_exchange.client import ExchangeRefused

    try:
        content = desk.exchange().materials()
        # The platform has checked its size; the folder's own limit is the disk's.
        files = unpack(content, Limits(total_bytes=2**40, file_bytes=2**40)) if content else {}
        names = lay_out(files, desk.workspace.root, desk.workspace.home, digest)
    except (ExchangeRefused, ArchiveRefused, OSError) as error:
        log.warning("Himalia: the course's files were not brought: %s", error)
        return
    log.info("Himalia: %d files of the course brought", len(names))


def _put(path: Path, content: bytes, delivered: str | None) -> bool:
    """Write `content` unless the person made the file something else than what was `delivered`."""
    if path.exists():
        mine = path.read_bytes()
        if mine == content or _digest(mine) != delivered:
            return False
    elif delivered is not None:
        return False  # removed by the person
    replace(path, content)
    return True


def _record(home: Path) -> dict[str, str]:
    """What was delivered before, by name; under the empty name, the digest of the whole."""
    try:
        found = json.loads((home / RECORD).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
