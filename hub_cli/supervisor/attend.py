"""`python -m hub_cli.supervisor.attend STATE`: what stays at the terminal; when it is interrupted, everything ends."""

import signal
import sys
import time
from pathlib import Path

from hub_cli.supervisor.ending import end, living
from hub_cli.supervisor.folder import Folder

LOOK_SECONDS = 1.0


def main(state: Path) -> int:
    """Stay until Ctrl-C, or until someone else ends Himalia. A supervisor that dies is no end: it is revived."""
    folder = Folder(state)
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal ends everything too
        signal.signal(number, signal.default_int_handler)
    try:
        while living(folder):
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("\nHimalia is ending…", flush=True)
    end(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
