"""Users' servers: they outlive hub and supervisor, so their end comes from the records that the spawner leaves."""

import json
from collections.abc import Iterator
from pathlib import Path

from himalia_sandbox.launch import Running

from hub_cli.supervisor import process
from hub_cli.supervisor.folder import Folder

END_SECONDS = 5.0


def end_servers(folder: Folder) -> None:
    """End every user server that a record names: JupyterLab has saved the files, kernels are lost."""
    found = list(_recorded(folder.run / "servers"))
    process.end((running.process for running in found), seconds=END_SECONDS)
    for running in found:
        running.end()


def _recorded(records: Path) -> Iterator[Running]:
    for path in records.glob("*.json"):
        yield Running.found(json.loads(path.read_text(encoding="utf-8")))
        path.unlink()
