"""Nothing that was acknowledged is lost: processes are killed, one after the other, while people hand in."""

import hashlib
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import pytest
from himalia_exchange.archive import pack
from himalia_exchange.client import ExchangeClient, ExchangeRefused, Patience
from himalia_exchange.wire import Receipt

from hub_config.access.roles import Role
from hub_services.exchange import api
from hub_services.people import store
from hub_services.people.api import enrol
from hub_services.web.platform import Platform
from tests.service.conftest import Himalia, until
from tests.service.exchange_live import opened, server_token

pytestmark = pytest.mark.service
COURSE = "kill-test"
SUBMISSIONS = 200
KILLED = ("web", "worker", "hub", "proxy")
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
PATIENCE = Patience(connect_seconds=2, answer_seconds=20, pauses=(0.2, 0.5, 1, 2, 4, 4, 4))


@dataclass
class Class:
    """Some students with their servers' tokens, handing in."""

    urls: tuple[str, ...]
    tokens: tuple[str, ...]
    acknowledged: list[Receipt] = field(default_factory=list)
    refused: list[ExchangeRefused] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _turn: Iterator[int] = field(default_factory=count)

    def holds(self, receipts: int) -> bool:
        return len(self.acknowledged) >= receipts

    def hand_in(self) -> None:
        """One submission, with content that no other has, by the next student on the next way in."""
        with self._lock:
            number = next(self._turn)
        url, token = self.urls[number % len(self.urls)], self.tokens[number % len(self.tokens)]
        try:
            with ExchangeClient(url, token, patience=PATIENCE) as client:
                receipt = client.submit("tp1", pack({"tp1.ipynb": NOTEBOOK, "n.py": b"%d" % number}), key=f"k{number}")
        except ExchangeRefused as refused:
            self.refused.append(refused)
        else:
            self.acknowledged.append(receipt)


@pytest.fixture
def platform(himalia: Himalia) -> Iterator[Platform]:
    """The same database and files as the running platform's, to prepare and to look."""
    with opened(himalia) as found:
        yield found


@pytest.fixture
def pupils(himalia: Himalia, platform: Platform) -> Class:
    """Six students of a course with one released assignment; the tokens are the hub's, as a server's are."""
    with platform.database.begin() as connection:
        now = platform.now()
        people = [store.add_person(connection, name=f"Pupil {n}", email="", now=now).id for n in range(7)]
        enrol(connection, people[0], COURSE, Role.TEACHER, source="form", now=now)
        for person in people[1:]:
            enrol(connection, person, COURSE, Role.STUDENT, source="form", now=now)
    api.release_as_is(platform, COURSE, people[0], "tp1", pack({"tp1.ipynb": NOTEBOOK}))
    addresses = platform.settings.addresses
    ways = (f"http://127.0.0.1:{addresses.web_port}", f"http://127.0.0.1:{addresses.port}")
    return Class(ways, tuple(server_token(platform, person, COURSE) for person in people[1:]))


def kill(himalia: Himalia, name: str) -> None:
    """End that process as a power cut would, and wait until another has taken its place and answers."""
    before = himalia.record["processes"][name]["process"]["pid"]
    os.kill(before, signal.SIGKILL)
    until(lambda: replaced(himalia, name, before), seconds=60, what=f"another {name}")


def replaced(himalia: Himalia, name: str, before: int) -> bool:
    entry = himalia.record["processes"].get(name)
    return bool(entry and entry["state"] == "ready" and entry["process"]["pid"] != before)


def test_no_acknowledged_submission_is_lost(himalia: Himalia, platform: Platform, pupils: Class) -> None:
    with ThreadPoolExecutor(8) as pool:
        for turn, name in enumerate(KILLED, start=1):
            work = [pool.submit(pupils.hand_in) for _ in range(SUBMISSIONS // len(KILLED))]
            first = (turn - 1) * len(work) + 10
            until(partial(pupils.holds, first), seconds=60, what="the first receipts")
            assert not all(each.done() for each in work), "too fast: nothing was under way at the kill"
            kill(himalia, name)
            for each in work:
                each.result()
    assert len(pupils.acknowledged) + len(pupils.refused) == SUBMISSIONS
    assert len(pupils.acknowledged) > SUBMISSIONS * 0.9, [str(refused) for refused in pupils.refused]

    with platform.database.read() as connection:
        kept = {made.id: made for made in api.submissions(connection, COURSE)}
    lost = [receipt.id for receipt in pupils.acknowledged if receipt.id not in kept]
    assert lost == []
    assert len(kept) <= SUBMISSIONS, "a repeated request made a second submission"
    for receipt in pupils.acknowledged:
        content = api.zip_of(platform, kept[receipt.id])
        assert hashlib.sha256(content).hexdigest() == receipt.sha256 == kept[receipt.id].sha256


def test_somebody_who_is_not_in_the_course_hands_in_nothing(platform: Platform, pupils: Class) -> None:
    with platform.database.begin() as connection:
        stranger = store.add_person(connection, name="Stranger", email="", now=platform.now()).id
    client = ExchangeClient(pupils.urls[0], server_token(platform, stranger, COURSE), patience=PATIENCE)
    with client, pytest.raises(ExchangeRefused) as caught:
        client.submit("tp1", pack({"tp1.ipynb": NOTEBOOK}))
    assert caught.value.status == 403
    client = ExchangeClient(pupils.urls[0], "no-such-token", patience=PATIENCE)
    with client, pytest.raises(ExchangeRefused) as caught:
        client.assignments()
    assert caught.value.status == 401


def test_two_hundred_megabytes_are_refused_over_the_wire(pupils: Class) -> None:
    for url in pupils.urls:
        with ExchangeClient(url, pupils.tokens[0], patience=PATIENCE) as client, pytest.raises(ExchangeRefused) as caught:
            client.submit("tp1", bytes(200 * 1024 * 1024))
        assert caught.value.status == 413
