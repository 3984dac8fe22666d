"""Grade copies on this machine: a warm interpreter of the course's environment, each copy in its sandbox."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from himalia_exchange import archive
from himalia_grade.grader import Grader
from himalia_grade.models import CopyResult, CopyTask, Limits

from hub_config.settings.model import MEBIBYTE, Settings
from hub_services.web.files import Files

BARE = "bare"


@dataclass(frozen=True)
class Work:
    """Copies to grade, as data: where they run is the runner's business."""

    environment: str  # a digest; empty means the bare environment
    source: Mapping[str, dict[str, Any]]  # solved notebooks by name
    files: Mapping[str, bytes]  # the assignment's other files
    copies: Mapping[str, str]  # person -> digest of the submission's zip


def grade_copies(settings: Settings, files: Files, work: Work, cancelled: Callable[[], bool]) -> Iterator[CopyResult]:
    """The results as they come, in any order; no more copies are started once `cancelled`."""
    environment = settings.state / "environments" / (work.environment or BARE)
    isolated = settings.isolation.mode == "bubblewrap"
    with (
        Grader(environment, limits_of(settings), sandbox=isolated) as grader,
        ThreadPoolExecutor(settings.grading.workers) as pool,
    ):
        waiting = [pool.submit(_grade, grader, files, work, person, cancelled) for person in sorted(work.copies)]
        for future in as_completed(waiting):
            result = future.result()
            if result is not None:
                yield result


def limits_of(settings: Settings) -> Limits:
    """The settings' limits as the engine takes them."""
    grading = settings.grading
    return Limits(
        cell_seconds=grading.cell_seconds,
        copy_seconds=grading.copy_seconds,
        memory_bytes=grading.memory_mebibytes * MEBIBYTE,
    )


def _grade(grader: Grader, files: Files, work: Work, person: str, cancelled: Callable[[], bool]) -> CopyResult | None:
    if cancelled():
        return None
    with tempfile.TemporaryDirectory(prefix="himalia-copy-") as folder:
        submitted = Path(folder)
        archive.lay_out(archive.unpack(files.read(work.copies[person])), submitted)
        return grader.grade(CopyTask(person, work.source, submitted, work.files))
