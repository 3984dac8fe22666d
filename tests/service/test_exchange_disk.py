"""A disk that fills up while people hand in: each is told, and each receipt that was given stays true."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from himalia_exchange.archive import pack
from himalia_exchange.client import ExchangeRefused
from himalia_exchange.wire import Receipt

from hub_config.access.roles import Role
from hub_services.exchange import api
from tests.service.exchange_server import COURSE, Exchange, serving

pytestmark = [pytest.mark.service, pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")]
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
MEBIBYTES = 8
CLASS = [f"pupil{number}" for number in range(20)]  # so that nobody hands in too often


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(disk)], check=True)
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def exchange(small_disk: Path) -> Iterator[Exchange]:
    with serving(small_disk / "state") as running:
        teacher = running.somebody("karim", Role.TEACHER)
        for name in CLASS:
            running.somebody(name)
        api.release_as_is(running.platform, COURSE, teacher.id, "tp1", pack({"tp1.ipynb": NOTEBOOK}))
        yield running


def hand_in_until_refused(exchange: Exchange, size: int) -> tuple[list[Receipt], ExchangeRefused]:
    """Submissions of incompressible files of that size, as many as the disk takes."""
    receipts: list[Receipt] = []
    for name in cycle(CLASS):
        with exchange.client(name) as client:
            try:
                receipts.append(client.submit("tp1", pack({"tp1.ipynb": NOTEBOOK, "a.csv": os.urandom(size)})))
            except ExchangeRefused as refused:
                return receipts, refused
    raise AssertionError("a disk without end")


def check_all_kept(exchange: Exchange, receipts: list[Receipt]) -> None:
    with exchange.platform.database.read() as connection:
        kept = {made.id: made for made in api.submissions(connection, COURSE)}
    assert set(kept) == {receipt.id for receipt in receipts}
    for receipt in receipts:
        assert hashlib.sha256(api.zip_of(exchange.platform, kept[receipt.id])).hexdigest() == receipt.sha256


def test_a_full_disk_is_told_and_loses_no_receipt(exchange: Exchange, small_disk: Path) -> None:
    large, refused = hand_in_until_refused(exchange, 1024 * 1024)
    assert refused.status == 507
    assert "disk" in refused.title
    assert len(large) >= 3
    check_all_kept(exchange, large)

    small, refused = hand_in_until_refused(exchange, 2 * 1024)  # now the database's own pages find no place
    assert refused.status == 507
    check_all_kept(exchange, large + small)

    leftovers = list((small_disk / "state" / "files").rglob(".new-*"))
    assert leftovers == [], "a file that was refused stays half written"


def test_when_there_is_room_again_it_goes_on(exchange: Exchange, small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(4 * 1024 * 1024))
    receipts, refused = hand_in_until_refused(exchange, 512 * 1024)
    assert refused.status == 507
    ballast.unlink()
    more, _ = hand_in_until_refused(exchange, 512 * 1024)
    assert more
    check_all_kept(exchange, receipts + more)
