"""`himalia status`: what runs, since when, with how much memory, and how students' code is kept apart."""

import argparse
import json
from pathlib import Path
from typing import Any

from himalia_sandbox import detect

from hub_cli.one_machine import state
from hub_cli.supervisor import record
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.record import Record
from hub_config.settings.load import load

NOT_RUNNING = 3  # as `systemctl status` says it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", type=Path, metavar="DIR", default=state.default(), help="the state folder")
    parser.add_argument("--json", action="store_true", help="for a script")


def run(arguments: argparse.Namespace) -> int:
    folder = Folder(arguments.state.resolve())
    found = describe(record.read(folder.record), folder.run / "settings.json")
    print(json.dumps(found, ensure_ascii=False, indent=1) if arguments.json else "\n".join(_lines(found, folder)))
    return 0 if found["state"] == "ready" else NOT_RUNNING


def describe(found: Record | None, settings: Path) -> dict[str, Any]:
    """The record with what only the living know: who is alive, how much memory each holds."""
    if found is None or not found.any_alive():
        return {"state": "stopped", "processes": {}}
    processes = {name: _entry(found, name) for name in found.processes}
    alive = all(entry["alive"] for entry in processes.values())
    total = sum(entry["memory_mebibytes"] for entry in processes.values())
    return {
        "isolation": list(isolation(settings)),
        "state": found.state if alive or found.state != "ready" else "repairing",
        "address": found.address,
        "accounts": list(found.accounts),
        "processes": processes,
        "memory_mebibytes": round(total, 1),
    }


def _entry(found: Record, name: str) -> dict[str, Any]:
    alive = found.is_alive(name)
    entry = found.processes[name]
    memory = memory_mebibytes(entry.process.pid) if alive else 0.0
    told = {"pid": entry.process.pid, "state": entry.state, "restarts": entry.restarts, "note": entry.note}
    return told | {"alive": alive, "memory_mebibytes": round(memory, 1)}


def isolation(settings: Path) -> tuple[str, ...]:
    """How students' code is kept apart on this machine, in sentences."""
    if load(settings).isolation.mode == "none":
        return ("isolation is OFF (isolation.mode: none): code in notebooks has the platform's own rights",)
    return detect().sentences()


def memory_mebibytes(pid: int) -> float:
    """What the process alone costs: shared pages are counted in equal parts (PSS)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def _lines(found: dict[str, Any], folder: Folder) -> list[str]:
    if found["state"] == "stopped":
        return [f"Himalia does not run with the state folder {folder.state}."]
    head = f"Himalia is {found['state']}: {found['address']}"
    rows = [_row(name, entry) for name, entry in found["processes"].items()]
    walls = [f"  {sentence}" for sentence in found["isolation"]]
    return [head, *walls, *rows, f"  {'in all':<12} {'':<9} {found['memory_mebibytes']:7.1f} MiB"]


def _row(name: str, entry: dict[str, Any]) -> str:
    again = f"restarted {entry['restarts']}×" if entry["restarts"] else ""
    word = entry["state"] if entry["alive"] else "dead"
    return f"  {name:<12} {word:<9} {entry['memory_mebibytes']:7.1f} MiB  pid {entry['pid']:<8} {again} {entry['note']}".rstrip()
