"""Handing in: what goes, what is kept, and that a full disk here never makes a submission look refused."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from himalia_exchange.archive import unpack
from himalia_exchange.client import ExchangeClient
from himalia_exchange.wire import Receipt
from himalia_lab.assignments import hand_in
from himalia_lab.folders import OutsideCourse
from himalia_lab.workspace import Workspace, known_name


class Exchange:
    """Takes whatever it is given."""

    def submit(self, assignment: str, archive: bytes, key: str) -> Receipt:
        self.archive, self.key = archive, key
        return Receipt(
            id="s-1",
            course="intro",
            assignment=assignment,
            person="p-amina",
            received_at=datetime(2026, 11, 25, tzinfo=UTC),
            sha256=hashlib.sha256(archive).hexdigest(),
            size=len(archive),
            late=False,
            files=(),
        )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "course", tmp_path / "home" / ".himalia")
    (made.root / "tp1" / "feedback" / "2026").mkdir(parents=True)
    (made.root / "tp1" / "feedback" / "2026" / "tp1.html").write_text("returned")
    (made.root / "tp1" / "tp1.ipynb").write_text("{}")
    made.home.mkdir(parents=True)
    return made


def test_returned_copies_are_not_handed_in_again(workspace: Workspace) -> None:
    exchange = Exchange()
    hand_in(cast("ExchangeClient", exchange), workspace, "tp1", "key")
    assert (list(unpack(exchange.archive)), exchange.key) == (["tp1.ipynb"], "key")


def test_the_receipt_is_kept_here_too(workspace: Workspace) -> None:
    receipt = hand_in(cast("ExchangeClient", Exchange()), workspace, "tp1", "key")
    assert workspace.receipts("tp1") == [receipt]


def test_a_disk_that_takes_no_receipt_does_not_undo_the_submission(workspace: Workspace) -> None:
    (workspace.home / "receipts").write_text("in the way of the folder")
    assert hand_in(cast("ExchangeClient", Exchange()), workspace, "tp1", "key")["id"] == "s-1"


@pytest.mark.parametrize("name", ["", "..", ".himalia", "a/b", "x" * 65])
def test_what_cannot_be_an_assignment_is_refused(name: str) -> None:
    with pytest.raises(OutsideCourse):
        known_name(name)
