"""Where the supervisor's own files are in the state folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folder:
    """The state folder, as the supervisor sees it."""

    state: Path

    @property
    def run(self) -> Path:
        return self.state / "run"

    @property
    def plan(self) -> Path:
        return self.run / "plan.json"

    @property
    def record(self) -> Path:
        return self.state / "run.json"

    @property
    def lock(self) -> Path:
        return self.run / "supervisor.lock"

    def log(self, name: str) -> Path:
        return self.state / "logs" / f"{name}.log"
