"""The Lab extension on the platform's real exchange: a teacher's source becomes a student's receipt."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from himalia_exchange.archive import unpack

from hub_config.access.roles import Role
from hub_services.exchange import api
from tests.service.exchange_server import COURSE, Exchange, serving
from tests.service.lab_platform import notebook
from tests.service.lab_server import LabServer, lab_server

pytestmark = pytest.mark.service

SOLVED = "### BEGIN SOLUTION\n    return texte.strip().lower()\n    ### END SOLUTION"


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    with serving(tmp_path / "state") as running:
        running.somebody("karim", Role.TEACHER)
        running.somebody("amina")
        yield running


@pytest.fixture
def amina(tmp_path: Path, exchange: Exchange) -> Iterator[LabServer]:
    with lab_server(tmp_path / "amina", exchange.url, "token-amina", HIMALIA_COURSE=COURSE, LANGUAGE="fr:en") as running:
        yield running


def release(exchange: Exchange, tmp_path: Path) -> None:
    """What Karim does: writes the source in Lab, sends it on save, releases it."""
    with lab_server(tmp_path / "karim", exchange.url, "token-karim", HIMALIA_ROLE="teacher") as karim:
        (karim.work / "source" / "tp1").mkdir(parents=True)
        karim.save("source/tp1/tp1.ipynb", notebook(SOLVED)).raise_for_status()
        assert karim.page.post("/himalia/api/source", json={"assignment": "tp1", "choice": ""}).json()["sent"]
        with exchange.client("karim") as client:
            client.release("tp1", client.source("tp1"))


def submit(lab: LabServer, key: str) -> Any:
    return lab.page.post("/himalia/api/submit", json={"assignment": "tp1", "key": key})


def test_from_the_source_to_the_receipt(exchange: Exchange, amina: LabServer, tmp_path: Path) -> None:
    release(exchange, tmp_path)
    assert amina.page.get("/himalia/open/tp1").headers["Location"] == "/lab/tree/tp1/tp1.ipynb"
    fetched = (amina.work / "tp1" / "tp1.ipynb").read_text()
    assert "strip().lower()" not in fetched
    (listed,) = amina.page.get("/himalia/api/assignments").json()["assignments"]
    assert listed["fetched_version"] == 1

    mine = json.loads(fetched)
    mine["cells"][2]["source"] = "def nettoyer(texte):\n    return texte"
    amina.save("tp1/tp1.ipynb", mine).raise_for_status()
    receipt = submit(amina, "press-1").json()
    assert submit(amina, "press-1").json() == receipt
    file = amina.page.get(f"/himalia/api/submissions/tp1/{receipt['id']}.zip").content
    assert hashlib.sha256(file).hexdigest() == receipt["sha256"]
    assert unpack(file)["tp1.ipynb"] == (amina.work / "tp1" / "tp1.ipynb").read_bytes()
    (line,) = amina.page.get("/himalia/api/submissions/tp1").json()["submissions"]
    assert (line["id"], line["late"], line["counts"]) == (receipt["id"], False, True)

    questions = amina.page.get("/himalia/api/restart", params={"path": "tp1/tp1.ipynb"}).json()["questions"]
    assert [each["grade_id"] for each in questions] == ["nettoyer", "compter", "commenter"]


def test_after_the_deadline_the_platform_says_so_in_french(exchange: Exchange, amina: LabServer, tmp_path: Path) -> None:
    release(exchange, tmp_path)
    amina.page.get("/himalia/open/tp1")
    with exchange.platform.database.begin() as connection:
        api.edit(connection, COURSE, "tp1", api.AssignmentEdit(deadline=exchange.platform.now()))
    refused = submit(amina, "press-1")
    assert (refused.status_code, refused.json()["code"]) == (409, "refused")
    assert "date limite" in refused.json()["title"]


def test_a_student_opens_no_source(exchange: Exchange, amina: LabServer, tmp_path: Path) -> None:
    release(exchange, tmp_path)
    assert amina.page.get("/himalia/author/tp1").status_code in (403, 404, 409)
    assert not (amina.work / "source").exists()
