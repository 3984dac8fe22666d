"""The end of everything: by the supervisor, or without it where it is dead."""

from himalia_sandbox.processes import Process

from hub_cli.supervisor import process, record
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.record import Record
from hub_cli.supervisor.servers import end_servers

PROCESS_SECONDS = 10.0
SUPERVISOR_SECONDS = 40.0


def living(folder: Folder) -> Record | None:
    """The record, if something of it still runs."""
    found = record.read(folder.record)
    return found if found and found.any_alive() else None


def end(folder: Folder) -> bool:
    """End all processes and users' servers; False if nothing ran. The supervisor does it, if there is one."""
    found = record.read(folder.record)
    if found is None:
        return False
    process.end([found.processes[record.SUPERVISOR].process], seconds=SUPERVISOR_SECONDS)
    left = record.read(folder.record) or found
    end_all(folder, {name: entry.process for name, entry in left.processes.items()})
    return True


def end_all(folder: Folder, processes: dict[str, Process]) -> None:
    """End these processes, the guard first so that it revives nothing; users' servers once nothing can start one."""
    guard = processes.pop(record.GUARD, None)
    process.end([guard] if guard else [], seconds=PROCESS_SECONDS)
    process.end(processes.values(), seconds=PROCESS_SECONDS)
    end_servers(folder)
    folder.record.unlink(missing_ok=True)
