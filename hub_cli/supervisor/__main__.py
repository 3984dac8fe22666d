"""`python -m hub_cli.supervisor STATE`: supervise until told to end; a second one for the same folder ends at once."""

import fcntl
import os
import sys
from pathlib import Path

from himalia_sandbox.processes import Process

from hub_cli.supervisor import plan
from hub_cli.supervisor.folder import Folder
from hub_cli.supervisor.supervise import Supervisor


def main(state: Path) -> int:
    folder = Folder(state)
    with folder.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        me = Process.of(os.getpid())
        if me:
            Supervisor(folder, plan.read(folder.plan), me).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
