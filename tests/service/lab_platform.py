"""A small real counterpart of the platform's exchange: HTTP, the same wire, one student's view."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from himalia_exchange.archive import pack, unpack
from himalia_exchange.wire import AssignmentInfo, FileEntry, Kind, LatePolicy, Receipt, State, SubmissionInfo

TOKEN = "student-token"
NOW = datetime(2026, 11, 24, 21, 58, 3, tzinfo=UTC)


@dataclass
class Platform:
    """What the counterpart holds; tests look at it and change it."""

    source: dict[str, bytes]
    release: dict[str, bytes]
    late: bool = False
    refusal: tuple[int, str, str] | None = None
    fetched: int = 0
    receipts: dict[str, tuple[Receipt, bytes]] = field(default_factory=dict)
    sources: list[dict[str, bytes]] = field(default_factory=list)
    url: str = ""

    def info(self) -> AssignmentInfo:
        return AssignmentInfo(
            name="tp1",
            title="TP1 Recoder une enquête",
            kind=Kind.LAB,
            state=State.RELEASED,
            deadline=datetime(2026, 11, 27, 22, 59, tzinfo=UTC),
            late_policy=LatePolicy.ACCEPT,
            accepts=(".ipynb", ".csv"),
            version=1,
            fetched_version=1 if self.fetched else None,
            submissions=len(self.receipts),
            last_submitted=NOW if self.receipts else None,
            feedback=False,
            page="/courses/enquetes/tp1",
        )

    def take(self, archive: bytes, key: str) -> Receipt:
        if key not in self.receipts:
            files = tuple(FileEntry(path=name, size=len(content)) for name, content in unpack(archive).items())
            receipt = Receipt(
                id=f"r{len(self.receipts) + 1}",
                course="enquetes",
                assignment="tp1",
                person="p-amina",
                received_at=NOW,
                sha256=hashlib.sha256(archive).hexdigest(),
                size=len(archive),
                late=self.late,
                files=files,
            )
            self.receipts[key] = (receipt, archive)
        return self.receipts[key][0]

    def listed(self) -> list[SubmissionInfo]:
        kept = [receipt for receipt, _ in self.receipts.values()]
        return [SubmissionInfo(**receipt.model_dump(), counts=receipt is kept[-1]) for receipt in kept]


class _Handler(BaseHTTPRequestHandler):
    platform: Platform

    def do_GET(self) -> None:
        match self._parts():
            case None:
                return
            case ["assignments"]:
                self._json([json.loads(self.platform.info().model_dump_json())])
            case ["assignments", "tp1", "release"]:
                self.platform.fetched += 1
                self._answer(200, pack(self.platform.release), "application/zip")
            case ["assignments", "tp1", "source"]:
                self._answer(200, pack(self.platform.source), "application/zip")
            case ["assignments", "tp1", "submissions"]:
                self._json([json.loads(info.model_dump_json()) for info in self.platform.listed()])
            case ["submissions", identifier]:
                kept = {receipt.id: archive for receipt, archive in self.platform.receipts.values()}
                self._answer(200, kept[identifier], "application/zip")
            case _:
                self._refuse(404, "There is no such assignment.", "Choose one on the course's page.")

    def do_POST(self) -> None:
        if self._parts() is not None:
            self._json(json.loads(self.platform.take(self._body(), self.headers["Idempotency-Key"]).model_dump_json()))

    def do_PUT(self) -> None:
        if self._parts() is not None:
            self.platform.source = unpack(self._body())
            self.platform.sources.append(self.platform.source)
            self._json(json.loads(self.platform.info().model_dump_json()))

    def _parts(self) -> list[str] | None:
        if self.headers["Authorization"] != f"token {TOKEN}":
            self._refuse(401, "Your workspace is not known.", "Open the course again.")
            return None
        if self.platform.refusal and self.command != "GET":
            self._body()
            self._refuse(*self.platform.refusal)
            return None
        return self.path.removeprefix("/api/exchange/").split("?")[0].split("/")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _json(self, content: Any) -> None:
        self._answer(200, json.dumps(content).encode(), "application/json")

    def _refuse(self, status: int, title: str, detail: str) -> None:
        self._answer(status, json.dumps({"title": title, "detail": detail}).encode(), "application/json")

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _cell(kind: str, source: str, grade_id: str = "", **marks: Any) -> dict[str, Any]:
    given = {"schema_version": 3, "grade_id": grade_id, "grade": False, "solution": False, "locked": False, **marks}
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": hashlib.sha256(source.encode()).hexdigest()[:8],
        "metadata": {"nbgrader": given} if grade_id else {},
        "source": source,
    }
    return {**cell, "outputs": [], "execution_count": None} if kind == "code" else cell


def notebook(answer: str = "raise NotImplementedError()") -> dict[str, Any]:
    """A small assignment: two questions with a visible test each, and a paragraph marked by hand."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
        "cells": [
            _cell("markdown", "# TP1 Recoder une enquête\n\nQuatre cents réponses, des disciplines écrites librement."),
            _cell("markdown", "## 1. Nettoyer"),
            _cell("code", f"def nettoyer(texte):\n    # VOTRE CODE ICI\n    {answer}", "nettoyer", solution=True),
            _cell("code", 'assert nettoyer(" Histoire ") == "histoire"', "test_nettoyer", grade=True, locked=True, points=2),
            _cell("markdown", "## 2. Compter"),
            _cell("code", f"def compter(textes):\n    # VOTRE CODE ICI\n    {answer}", "compter", solution=True),
            _cell("code", 'assert compter(["a", "b"]) == 2', "test_compter", grade=True, locked=True, points=2),
            _cell("markdown", "## 3. Commenter"),
            _cell("markdown", "Votre réponse ici.", "commenter", grade=True, solution=True, points=4),
        ],
    }


def _files(answer: str) -> dict[str, bytes]:
    return {
        "TP1 enquête.ipynb": json.dumps(notebook(answer), ensure_ascii=False, indent=1).encode(),
        "donnees/reponses.csv": b"id;discipline\n1;Histoire\n2;histoire \n",
    }


@contextmanager
def platform(port: int = 0) -> Iterator[Platform]:
    """Serve the counterpart on a free port of 127.0.0.1."""
    held = Platform(source=_files("return texte"), release=_files("raise NotImplementedError()"))
    handler = type("Handler", (_Handler,), {"platform": held})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    held.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
