"""The platform's secrets: one file each, made once, readable by the platform alone."""

import os
import secrets as random
from pathlib import Path

NAMES = (
    "hub_token_web",
    "hub_token_metrics",
    "launch_token",
    "proxy_token",
    "oauth_client_secret",
    "hub_crypt_key",
    "cookie_secret",
    "demo_client_secret",
)


class Secrets:
    """A folder of secret files (0700, each 0600)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> str:
        """The secret called `name`; made at first use, so that a process of its own can start before the others."""
        path = self._folder / name
        if not path.exists():
            self._create(path)
        return path.read_text().strip()

    def _create(self, path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(random.token_hex(32))
        try:
            path.hardlink_to(temporary)  # fails where another process was first: then its secret is the secret
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
