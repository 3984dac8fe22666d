"""The record `run.json`: what runs now, for people, scripts and the next supervisor."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from himalia_sandbox.processes import Process

from hub_cli.supervisor.plan import write_private

SUPERVISOR = "supervisor"
GUARD = "guard"
State = Literal["starting", "ready", "waiting", "failing"]


@dataclass(frozen=True)
class Entry:
    """One process: `waiting` to be started again, `failing` when it has died several times before it was ready."""

    process: Process
    state: State = "ready"
    restarts: int = 0
    note: str = ""


@dataclass(frozen=True)
class Record:
    """The whole platform."""

    state: Literal["starting", "ready", "ending"]
    address: str
    accounts: tuple[Mapping[str, str], ...]
    processes: Mapping[str, Entry]

    def is_alive(self, name: str) -> bool:
        return name in self.processes and self.processes[name].process.alive()

    def any_alive(self) -> bool:
        return any(entry.process.alive() for entry in self.processes.values())


def ending(record: Record) -> Record:
    return replace(record, state="ending")


def write(path: Path, record: Record) -> None:
    write_private(path, json.dumps(asdict(record), indent=1, ensure_ascii=False))


def read(path: Path) -> Record | None:
    """The record, or None when nothing was started here."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    processes = {name: Entry(Process(**entry.pop("process")), **entry) for name, entry in data.pop("processes").items()}
    return Record(processes=processes, accounts=tuple(data.pop("accounts")), **data)
