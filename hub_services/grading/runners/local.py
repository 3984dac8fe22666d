"""Grade copies on this machine: a warm interpreter of the course's environment, each copy in its sandbox."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from himalia_exchange import archive
from himalia_grade.grader import Grader
from himalia_grade.models import CopyResult, CopyTask, Limits
from himalia_grade.release import ReleaseError, stubs
from himalia_grade.warm import EngineError

from hub_config.settings.model import MEBIBYTE, Settings
from hub_services.grading.runners.work import CannotGrade, Work
from hub_services.web.files import Files

BARE = "bare"


def grade_copies(settings: Settings, files: Files, work: Work, cancelled: Callable[[], bool]) -> Iterator[CopyResult]:
    """The results as they come, in any order; no more copies are started once `cancelled`. Raises CannotGrade."""
    graders: SimpleQueue[Grader] = SimpleQueue()
    count = min(settings.grading.workers, max(len(work.copies), 1))
    with ExitStack() as stack:
        for _ in range(count):
            graders.put(stack.enter_context(_grader(settings, work)))
        pool = stack.enter_context(ThreadPoolExecutor(count))
        waiting = [pool.submit(_grade, graders, files, work, person, cancelled) for person in sorted(work.copies)]
        try:
            yield from (result for future in as_completed(waiting) if (result := future.result()) is not None)
        except (EngineError, ReleaseError) as error:
            raise CannotGrade(str(error)) from error
        finally:
            for future in waiting:
                future.cancel()


def _grader(settings: Settings, work: Work) -> Grader:
    folder = settings.state / "environments" / (work.environment or BARE)
    return Grader(folder, limits_of(settings), sandbox=settings.isolation.mode == "bubblewrap", config=stubs(work.language))


def limits_of(settings: Settings) -> Limits:
    """The settings' limits as the engine takes them."""
    grading = settings.grading
    return Limits(
        cell_seconds=grading.cell_seconds,
        copy_seconds=grading.copy_seconds,
        memory_bytes=grading.memory_mebibytes * MEBIBYTE,
    )


def _grade(
    graders: SimpleQueue[Grader], files: Files, work: Work, person: str, cancelled: Callable[[], bool]
) -> CopyResult | None:
    if cancelled():
        return None
    grader = graders.get()
    try:
        with tempfile.TemporaryDirectory(prefix="himalia-copy-") as folder:
            submitted = Path(folder)
            archive.lay_out(archive.unpack(files.read(work.copies[person])), submitted)
            return grader.grade(CopyTask(person, work.source, submitted, work.files))
    finally:
        graders.put(grader)
