"""The record `run.json`: what runs now, for people, scripts and the next supervisor."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from hub_cli.supervisor.plan import write_private
from hub_cli.supervisor.process import Identity, boot_id

SUPERVISOR = "supervisor"
State = Literal["starting", "ready", "waiting", "failing"]


@dataclass(frozen=True)
class Entry:
    """One process: `waiting` to be started again, `failing` when it has never been ready."""

    pid: int
    start_time: int
    state: State = "ready"
    restarts: int = 0
    note: str = ""

    @property
    def identity(self) -> Identity:
        return Identity(self.pid, self.start_time)


@dataclass(frozen=True)
class Record:
    """The whole platform."""

    state: Literal["starting", "ready", "ending"]
    address: str
    accounts: tuple[Mapping[str, str], ...]
    processes: Mapping[str, Entry]
    boot: str = field(default_factory=boot_id)

    @property
    def identities(self) -> Iterable[Identity]:
        """Those of this boot; empty after the machine was restarted."""
        return (entry.identity for entry in self.processes.values()) if self.boot == boot_id() else ()

    def identity(self, name: str) -> Identity | None:
        """The recorded process of that name, if it is of this boot; it may have ended since."""
        entry = self.processes.get(name)
        return entry.identity if entry and self.boot == boot_id() else None


def write(path: Path, record: Record) -> None:
    write_private(path, json.dumps(asdict(record), indent=1, ensure_ascii=False))


def read(path: Path) -> Record | None:
    """The record, or None when nothing was started here."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    processes = {name: Entry(**entry) for name, entry in data.pop("processes").items()}
    return Record(processes=processes, accounts=tuple(data.pop("accounts")), **data)


def ending(record: Record) -> Record:
    return replace(record, state="ending")
