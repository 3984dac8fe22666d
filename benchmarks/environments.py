"""A course's environment: Himalia's builder against `python -m venv` and `pip install`, in turn, the same packages.

    .venv/bin/python benchmarks/environments.py [ROUNDS]

Both sides have fetched their wheels before; pip keeps its own cache, as everywhere. Himalia's side also locks with hashes,
works in sandboxes and imports each package. Wall seconds: other work on the machine counts, on both sides alike.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from hub_config.settings.model import Settings
from hub_services.courses import requirements
from hub_services.courses.builders import BuildRequest
from hub_services.courses.builders.local import LocalBuilder
from hub_services.courses.sentences import Sentence

BASE = ("ipykernel", "numpy", "pandas", "matplotlib")
CASES = {"warm wheels": BASE, "two packages added": (*BASE, "seaborn", "scipy")}
COURSES = ("tabulate", "tqdm", "toml", "click", "colorama", "termcolor", "humanize", "xmltodict", "unidecode", "more-itertools")


class Silent:
    """Follows a build without a word."""

    def say(self, sentence: Sentence) -> None:
        """Nobody listens."""

    def phase(self, number: int) -> None:
        """Nobody looks."""

    def cancelled(self) -> bool:
        return False


def main(rounds: int) -> int:
    """Print a line of JSON per figure; exit status 0 if both goals are met."""
    root = Path(tempfile.mkdtemp(prefix="himalia-benchmark-"))
    root.chmod(0o755)
    try:
        met = [_case(root, name, packages, rounds) for name, packages in CASES.items()]
        return 0 if all([*met, _disk(root)]) else 1
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _case(root: Path, name: str, packages: Sequence[str], rounds: int) -> bool:
    _himalia(root, packages)
    _pip(root, packages)  # both have their wheels now
    pairs = [(_seconds(_himalia, root, packages), _seconds(_pip, root, packages)) for _ in range(rounds)]
    again = _seconds(_build, root, packages)
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    figures = {"himalia": ours, "pip": theirs, "ratio": ours / theirs, "unchanged": again}
    print(json.dumps({"case": name, "rounds": rounds, "load": os.getloadavg()[0]} | {k: round(v, 2) for k, v in figures.items()}))
    return bool(ours <= theirs)


def _disk(root: Path) -> bool:
    """Ten courses that share numpy, pandas and matplotlib, against one of them; wheels of their own are not counted twice."""
    store = root / "ten"
    builder = _builder(store)
    sizes = []
    for package in ("", *COURSES[1:]):
        builder.build(_request((*BASE, package)), Silent())  # a small package more: what is shared is what is measured
        sizes.append(_size(store))
    one, ten = sizes[0], sizes[-1]
    figures = {"one": one // 2**20, "ten": ten // 2**20, "ratio": round(ten / one, 2)}
    print(json.dumps({"case": "disk of ten courses, store of wheels included (MB)"} | figures))
    return ten <= 1.3 * one


def _himalia(root: Path, packages: Sequence[str]) -> None:
    """Build as for the first time: the wheels are there, no environment is."""
    for digest in (root / "store" / "environments").glob("[0-9a-f]*"):
        digest.rename(root / f"old-{time.monotonic_ns()}")
    _build(root, packages)


def _build(root: Path, packages: Sequence[str]) -> str:
    return _builder(root / "store").build(_request(packages), Silent()).digest


def _builder(state: Path) -> LocalBuilder:
    state.mkdir(exist_ok=True, mode=0o755)
    return LocalBuilder(Settings(state=state))


def _request(packages: Sequence[str]) -> BuildRequest:
    read = requirements.read("\n".join(packages))
    return BuildRequest(read.lines, read.names)


def _pip(root: Path, packages: Sequence[str]) -> None:
    folder = root / "pip"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    cache = f"--cache-dir={root / 'pip-cache'}"
    subprocess.run([folder / "bin" / "pip", "install", "-q", cache, "--only-binary", ":all:", *packages], check=True)


def _seconds(side: Callable[[Path, Sequence[str]], object], root: Path, packages: Sequence[str]) -> float:
    started = time.monotonic()
    side(root, packages)
    return time.monotonic() - started


def _size(store: Path) -> int:
    done = subprocess.run(["du", "-s", "-B1", store], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
