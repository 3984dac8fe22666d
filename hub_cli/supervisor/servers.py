"""Users' servers: they outlive hub and supervisor, so their end comes from the records that the spawner leaves."""

import json
from collections.abc import Iterator
from pathlib import Path

from himalia_sandbox.processes import Process

from hub_cli.supervisor import process
from hub_cli.supervisor.folder import Folder

END_SECONDS = 3.0


def end_servers(folder: Folder) -> None:
    """End every user server that a record names; the files are saved by JupyterLab, kernels are lost."""
    process.end(_recorded(folder.run / "servers"), seconds=END_SECONDS)


def _recorded(records: Path) -> Iterator[Process]:
    for path in records.glob("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        yield Process(**data["process"])
