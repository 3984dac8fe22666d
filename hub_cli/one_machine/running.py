"""Watching what starts: refuse a second one, wait until it is ready, say where it is."""

import time
from urllib.parse import urlsplit

from hub_cli.failure import CannotProceed
from hub_cli.one_machine.progress import Progress
from hub_cli.supervisor import probe, record
from hub_cli.supervisor.ending import end
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.plan import Probe
from hub_cli.supervisor.record import Record

LOOK_SECONDS = 0.05
READY_SECONDS = 300.0


def refuse_a_second(folder: Folder) -> None:
    """Raises CannotProceed if Himalia runs already for this state folder; ends what one without a supervisor has left."""
    found = record.read(folder.record)
    if found and found.is_alive(record.SUPERVISOR):
        raise CannotProceed(
            f"Himalia already runs at {found.address} with the state folder {folder.state}; "
            f"`himalia down --state {folder.state}` ends it."
        )
    end(folder)


def wait_until_ready(folder: Folder, progress: Progress, *, attended: bool) -> None:
    """Say each process that gets ready. Raises CannotProceed, with everything ended, if one cannot start."""
    said: set[str] = {record.SUPERVISOR, record.GUARD}
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit:
        found = record.read(folder.record)
        failing = found and _say_news(found, said, progress)
        if found and failing:
            reason = found.processes[failing].note or "it ends without a word"
            raise _giving_up(folder, f"{failing} cannot start: {reason}", failing)
        if found and found.state == "ready" and answers(found.address):
            _greet(found, progress, folder, attended=attended)
            return
        time.sleep(LOOK_SECONDS)
    raise _giving_up(folder, f"Himalia was not ready after {READY_SECONDS:.0f} seconds", record.SUPERVISOR)


def _say_news(found: Record, said: set[str], progress: Progress) -> str | None:
    """Say who has become ready; the name of one that cannot start, if there is."""
    for name, entry in found.processes.items():
        if entry.state == "ready" and name not in said:
            said.add(name)
            progress.say(f"{name} is ready")
    return next((name for name, entry in found.processes.items() if entry.state == "failing"), None)


def answers(address: str) -> bool:
    """Whether the first page answers, through the proxy, at the address that browsers use."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return probe.answers(Probe(port, "/"), {"Host": parts.netloc})


def _giving_up(folder: Folder, reason: str, name: str) -> CannotProceed:
    end(folder)
    return CannotProceed(f"{reason}; {folder.log(name)} has the whole story.")


def _greet(found: Record, progress: Progress, folder: Folder, *, attended: bool) -> None:
    progress.say(f"Himalia is ready: {found.address}")
    for account in found.accounts:
        print(f"          {account['name']:<24} {account['description_en']}")
    print(f"          {'Ctrl-C' if attended else f'`himalia down --state {folder.state}`'} ends everything.", flush=True)
