"""The state folder: what is in it, who may read what."""

import os
import stat
from pathlib import Path

from hub_cli.failure import CannotProceed

PRIVATE, PASSABLE, READABLE = 0o700, 0o711, 0o755
FOLDERS = {
    ".": PASSABLE,
    "secrets": PRIVATE,
    "logs": PRIVATE,
    "files": PRIVATE,
    "people": PASSABLE,
    "environments": READABLE,
    "run": PASSABLE,
    "run/sockets": READABLE,
    "run/servers": PASSABLE,
}
DATABASES = ("himalia.db", "hub.sqlite")


def default() -> Path:
    return Path("/var/lib/himalia") if os.geteuid() == 0 else Path.home() / ".local/share/himalia"


def prepare(state: Path) -> None:
    """Make the folders. Raises CannotProceed if they cannot be made, or if people's own uids could not pass."""
    try:
        for name, mode in FOLDERS.items():
            folder = state / name
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        for name in DATABASES:
            (state / name).touch(mode=0o600)
    except OSError as error:
        raise CannotProceed(f"the state folder {state} cannot be used ({error.strerror}); name another with --state.") from error
    _refuse_a_closed_road(state)


def _refuse_a_closed_road(state: Path) -> None:
    """As root each person's code runs as a uid of its own, which must pass through every parent."""
    closed = [folder for folder in state.parents if not folder.stat().st_mode & stat.S_IXOTH]
    if closed and os.geteuid() == 0:
        raise CannotProceed(
            f"{closed[0]} is closed to other users, so people's servers could not reach their files in {state}; "
            "name a folder outside of it with --state, for instance /var/lib/himalia."
        )
