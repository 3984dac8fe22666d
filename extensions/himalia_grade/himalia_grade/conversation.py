"""One notebook, cell after cell, with a process that may be hostile: what it said, how long it may take, when it is over."""

import random
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import Execute

from himalia_grade import formats
from himalia_grade.incidents import Incident, Kind
from himalia_grade.models import MEBIBYTE, Limits
from himalia_grade.protocol import Answer, ForgedError, HungUpError, Line, Reply, TooLateError, answer
from himalia_grade.warm import Copy

_GRACE_SECONDS = 3.0  # to come back from an interruption
_TIMED_OUT = {
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
}
_NOT_RUN = {"output_type": "error", "ename": "NotRun", "evalue": "", "traceback": ["NotRun: an earlier cell ended the notebook"]}
SKIP_TAG = "skip-execution"


@dataclass(frozen=True)
class Twins:
    """The made-wrong variants of one test cell; `alone` ones must not run before the test itself."""

    codes: tuple[str, ...]
    alone: bool = False


@dataclass
class Execution:
    """What running a notebook gave besides its outputs."""

    incident: Incident | None = None
    passed: dict[str, tuple[str, ...]] = field(default_factory=dict)  # grade id -> made-wrong variants that passed
    timed_out: list[str] = field(default_factory=list)
    tests_looped: bool = False
    unchecked: list[str] = field(default_factory=list)  # tests beside which something ran that a fork would not take along


@dataclass(frozen=True)
class Trial:
    """One variant of a test cell, tried in a fork; `number` names the fork."""

    code: str
    number: int
    fails: bool
    late: bool = False


class OverError(Exception):
    """The notebook's process is of no more use."""

    def __init__(self, kind: Kind, detail: str = "") -> None:
        super().__init__(kind)
        self.kind, self.detail = kind, detail


@dataclass
class Conversation:
    """Runs cells in the process at the other end of `line`; never runs anything itself."""

    copy: Copy
    line: Line
    limits: Limits
    deadline: float
    dice: random.Random
    _asked: int = 0
    _expected: int = 0
    _busy: bool = False

    def run(self, notebook: NotebookNode, twins: Mapping[str, Twins]) -> Execution:
        """Execute the notebook in place; whatever happens, each code cell ends with outputs that can be scored."""
        execution = Execution()
        cells = [(number, cell) for number, cell in enumerate(notebook.cells, start=1) if _runs(cell)]
        for position, (number, cell) in enumerate(cells):
            try:
                self._run_cell(cell, twins.get(grade_id(cell)), execution)
            except OverError as over:
                execution.incident = Incident(over.kind, over.detail, number, grade_id(cell))
                _mark_not_run([later for _number, later in cells[position:]])
                break
        return execution

    def _run_cell(self, cell: NotebookNode, twins: Twins | None, execution: Execution) -> None:
        if twins is None or self._busy:
            replies, late = self._exchange("cell", [cell.source], cell)
            reply = replies[0]
            if twins:
                execution.unchecked.append(grade_id(cell))
        else:
            reply, late = self._run_test(cell, twins, execution)
        if late:
            execution.timed_out.append(grade_id(cell))
        _show(cell, reply, late=late)
        self._busy = reply.threads

    def _run_test(self, cell: NotebookNode, twins: Twins, execution: Execution) -> tuple[Reply, bool]:
        """The test among its twins, each from the same state; the notebook goes on in the test's process."""
        order = [cell.source, *twins.codes]
        # Where a test has looped the next one goes first, for it may well loop too. That cost points and is flagged; a
        # loop in a cell of the student's own changes nothing, else it would be a cheap way to know the order.
        if not twins.alone and not execution.tests_looped:
            self.dice.shuffle(order)
        trials: list[Trial] = []  # a twin may be there twice
        while order:
            code, *order = order
            trials.append(self._try(code, cell, is_test=code == cell.source, last=not order))
            order = _still_to_try(cell.source, trials, order)
        test = next(trial for trial in trials if trial.code == cell.source)
        shown, _late = self._exchange("keep", [], cell, number=test.number)
        if not test.fails:
            self._doubt(cell, [trial for trial in trials if trial is not test], execution)
        execution.tests_looped |= test.late
        return shown[0], test.late

    def _doubt(self, cell: NotebookNode, twins: Sequence["Trial"], execution: Execution) -> None:
        """What the twins say of a test that passes."""
        passed = tuple(dict.fromkeys(twin.code for twin in twins if not twin.fails))
        if passed:
            execution.passed[grade_id(cell)] = passed
        elif any(twin.late for twin in twins):
            execution.unchecked.append(grade_id(cell))

    def _try(self, code: str, cell: NotebookNode, *, is_test: bool, last: bool) -> "Trial":
        try:
            replies, late = self._exchange("try", [code], cell, last=last)
        except OverError as over:
            if is_test or last or over.kind != "ended":
                raise
            return Trial(code, self._asked, fails=True)  # a twin that ends its fork does not pass
        return Trial(code, self._asked, late or _fails(replies[0]), late)

    def _exchange(
        self, operation: str, codes: Sequence[str], cell: NotebookNode, *, number: int | None = None, last: bool = False
    ) -> tuple[tuple[Reply, ...], bool]:
        """Send one frame and wait for its answer, with an interruption at the cell's limit. Raises OverError.

        `number` names an earlier frame that this one is about, and whose answer comes once more.
        """
        if number is None:
            self._asked += 1
        self._expected = self._asked if number is None else number
        try:
            frame = {"op": operation, "id": self._expected, "cell": cell.get("id"), "codes": list(codes), "last": last}
            self.line.send(frame)
            reply, late = self._wait(max(1, len(codes)))
        except HungUpError:
            raise self._ended() from None
        except ForgedError as error:
            raise OverError("forged", str(error)) from None
        if reply.died:
            raise self._ended()
        return reply.replies, late

    def _wait(self, codes: int) -> tuple[Answer, bool]:
        cell_limit = self.limits.cell_seconds
        left = self.deadline - time.monotonic()
        try:
            return answer(self.line.receive(min(left, cell_limit or left)), self._expected, codes), False
        except TooLateError:
            pass
        if cell_limit is None or time.monotonic() >= self.deadline:
            raise OverError("copy-time", f"{self.limits.copy_seconds:g}")
        return self._interrupted(codes), True

    def _interrupted(self, codes: int) -> Answer:
        """Interrupt each code that is still running; a trial of several may need it several times."""
        for _attempt in range(codes):
            self.copy.interrupt()
            with suppress(TooLateError):
                return answer(self.line.receive(_GRACE_SECONDS), self._expected, codes)
        raise OverError("cell-time", f"{self.limits.cell_seconds:g}")

    def _ended(self) -> OverError:
        if self.copy.out_of_memory():
            return OverError("memory", f"{self.limits.memory_bytes // MEBIBYTE}")
        return OverError("ended")


def _still_to_try(test: str, trials: Sequence["Trial"], order: list[str]) -> list[str]:
    """A test that fails leaves no pass to doubt; a twin that took all of the cell's time is the last one tried."""
    tried = [trial for trial in trials if trial.code == test]
    if tried and tried[0].fails:
        return []
    if any(trial.late for trial in trials):
        return [] if tried else [test]
    return order


def grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _runs(cell: NotebookNode) -> bool:
    """Whether a notebook client would run it: code that is not blank and not tagged to be skipped."""
    return cell.cell_type == "code" and bool(cell.source.strip()) and SKIP_TAG not in cell.metadata.get("tags", [])


def _show(cell: NotebookNode, reply: Reply, *, late: bool) -> None:
    """Put a reply's outputs into its cell, as nbgrader's Execute does."""
    cell.outputs = [formats.node(output) for output in reply.outputs]
    cell.execution_count = reply.execution_count
    if late:
        content = {"status": "error", **_TIMED_OUT}
    elif reply.failed:
        content = {"status": "error", "ename": reply.ename, "evalue": reply.evalue, "traceback": list(reply.traceback)}
    else:
        content = {"status": "ok"}
    Execute.on_cell_executed(None, cell=cell, execute_reply={"content": content})


def _mark_not_run(cells: Sequence[NotebookNode]) -> None:
    for cell in cells:
        cell.outputs = [formats.node(_NOT_RUN)]
        cell.execution_count = None


def _fails(reply: Reply) -> bool:
    """nbgrader's has_failed, on a reply."""
    shown = formats.node({"cell_type": "code", "outputs": list(reply.outputs)})
    return reply.failed or bool(utils.has_failed(shown))
