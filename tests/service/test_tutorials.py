"""The manual's commands are run as they stand: each must succeed and say what the page says."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.service.conftest import STORE, free_port

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command of a page, and the lines that it is said to print."""

    command: str
    output: tuple[str, ...]


def steps(page: Path) -> list[Step]:
    """`$ ` begins a command, `> ` continues it, what follows is its output."""
    found: list[Step] = []
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Step(line[2:], ()))
            elif line.startswith("> "):
                found[-1] = Step(f"{found[-1].command}\n{line[2:]}", ())
            elif line:
                found[-1] = Step(found[-1].command, (*found[-1].output, line))
    return found


def says(output: str, expected: str) -> bool:
    """Whether a line of `output` is `expected`, in which `…` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in expected.split("…"))
    return re.search(f"^{pattern}$", output, re.MULTILINE) is not None


PAGES = ("tutorials/administrator", "tutorials/student", "tutorials/teacher", "howto/grade-an-nbgrader-course")


@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp(name.replace("/", "-"))
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    port = str(free_port())
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "HIMALIA_ENVIRONMENTS": str(STORE)}
    page = steps(DOCS / f"{name}.md")
    assert page
    try:
        for step in page:
            command = step.command.replace("8000", port)
            done = subprocess.run(
                ["bash", "-e", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=400
            )
            printed = done.stdout + done.stderr
            assert done.returncode == 0, f"{command}\n{printed}"
            missing = [line for line in step.output if not says(printed, line.replace("8000", port))]
            assert missing == [], f"{command}\n{printed}"
    finally:
        subprocess.run(["himalia", "down", "--state", "state"], cwd=folder, env=environment, capture_output=True)
