"""nbgrader list: assignments and submissions, as the dictionaries that nbgrader's panel reads."""

from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.exchange import abc

from himalia_exchange.client import ExchangeClient
from himalia_exchange.plugin.exchange import HimaliaExchange, shown
from himalia_exchange.plugin.fetch_feedback import MARK_FILE
from himalia_exchange.wire import AssignmentInfo, State, SubmissionInfo

Row = dict[str, Any]


class HimaliaExchangeList(HimaliaExchange, abc.ExchangeList):
    """Outbound: what is released. Inbound: everybody's submissions. Cached: one's own."""

    def copy_files(self) -> None:
        """Nothing is copied by a list."""

    def list_files(self) -> list[Row]:
        """The rows, which are also logged."""
        with self.platform() as client:
            rows = self._rows(client)
        self._say(rows)
        return rows

    def remove_files(self) -> list[Row]:
        """Withdraw the released assignments that were asked for; what was handed in cannot be removed."""
        if self.inbound or self.cached:
            self.fail("What was handed in is kept: the platform removes no submission. Withdraw the assignment instead.")
        with self.platform() as client:
            rows = self._rows(client)
            for row in rows:
                client.withdraw(row["assignment_id"])
                row["status"] = "removed"
        self._say(rows)
        return rows

    def _rows(self, client: ExchangeClient) -> list[Row]:
        wanted = self.coursedir.assignment_id if self.coursedir else ""
        every = [info for info in client.assignments() if wanted in ("", "*", info.name)]
        released = [info for info in every if info.version is not None]
        if self.inbound or self.cached:
            groups = [group for info in released for group in self._submitted(client, info)]
            return sorted(groups, key=lambda group: (group["student_id"], group["assignment_id"]))
        return [self._released(info) for info in released if info.state is State.RELEASED]

    def _released(self, info: AssignmentInfo) -> Row:
        folder = self.assignment_folder(info.name)
        names = sorted(path.name for path in folder.glob("*.ipynb")) if folder.is_dir() else info.notebooks
        return {
            "course_id": self.check_course(),
            "assignment_id": info.name,
            "status": "fetched" if folder.is_dir() else "released",
            "path": str(folder),
            "notebooks": [_notebook(folder, name) for name in names],
        }

    def _submitted(self, client: ExchangeClient, info: AssignmentInfo) -> list[Row]:
        people: dict[str, list[Row]] = {}
        for made in client.submissions(info.name, everyone=self.inbound):
            if not self.inbound or self.coursedir.student_id in ("", "*", made.person):
                people.setdefault(made.person, []).append(self._submission(made))
        return [
            {
                "course_id": self.check_course(),
                "student_id": person,
                "assignment_id": info.name,
                "status": "submitted",
                "submissions": rows,
            }
            for person, rows in people.items()
        ]

    def _submission(self, made: SubmissionInfo) -> Row:
        timestamp = shown(made.received_at)
        folder = self.assignment_folder(made.assignment) / "feedback" / timestamp
        returned = _returned(folder, made)
        notebooks = [file.path for file in made.files if file.path.endswith(".ipynb")]
        return {
            "course_id": self.check_course(),
            "student_id": made.person,
            "assignment_id": made.assignment,
            "timestamp": timestamp,
            "status": "submitted",
            "path": str(self.assignment_folder(made.assignment)),
            "notebooks": [{**_notebook(self.assignment_folder(made.assignment), name), **returned} for name in notebooks],
            **returned,
        }

    def _say(self, rows: list[Row]) -> None:
        what = "Submitted" if self.inbound or self.cached else "Released"
        self.log.info("%s assignments:", f"Removing {what.lower()}" if self.remove else what)
        for row in rows:
            for line in _lines(row):
                self.log.info("%s", line)


def _notebook(folder: Path, name: str) -> Row:
    return {"notebook_id": str(PurePosixPath(name).with_suffix("")), "path": str(folder / name)}


def _returned(folder: Path, made: SubmissionInfo) -> Row:
    """What nbgrader's panel asks of a graded copy: is one here, is one to be fetched, is it newer."""
    mark = folder / MARK_FILE
    here = mark.is_file()
    return {
        "has_local_feedback": here,
        "has_exchange_feedback": made.feedback_sha256 is not None,
        "feedback_updated": here and made.feedback_sha256 not in (None, mark.read_text()),
        "local_feedback_path": str(folder) if here else None,
    }


def _lines(row: Row) -> list[str]:
    if "submissions" not in row:
        here = " (already downloaded)" if row["status"] == "fetched" else ""
        return [f"{row['course_id']} {row['assignment_id']}{here}"]
    return [
        f"{made['course_id']} {made['student_id']} {made['assignment_id']} {made['timestamp']} ({_feedback(made)})"
        for made in row["submissions"]
    ]


def _feedback(made: Row) -> str:
    if made["has_local_feedback"] and not made["feedback_updated"]:
        return "feedback already fetched"
    return "feedback ready to be fetched" if made["has_exchange_feedback"] else "no feedback available"
