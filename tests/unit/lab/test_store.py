"""Versions on disk: what is kept comes back byte for byte, and a crash costs no other version."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from himalia_lab.versions.store import NotKept, VersionStore
from himalia_lab.versions.thinning import LARGE_BYTES

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    return VersionStore(tmp_path / "tp1" / "a.ipynb")


def test_a_version_comes_back(store: VersionStore) -> None:
    kept = store.keep("été".encode(), NOW)
    assert kept is not None
    assert store.content(kept.id) == "été".encode()


def test_saving_the_same_twice_is_one_version(store: VersionStore) -> None:
    store.keep(b"one", NOW)
    assert store.keep(b"one", NOW + timedelta(seconds=10)) is None
    assert len(store.versions()) == 1


def test_a_reason_is_kept_even_where_nothing_changed(store: VersionStore) -> None:
    store.keep(b"one", NOW)
    store.keep(b"one", NOW, "submitted")
    assert [version.reason for version in store.versions()] == ["saved", "submitted"]
    assert len(list((store.folder / "contents").iterdir())) == 1


def test_two_versions_of_one_second_have_two_names(store: VersionStore) -> None:
    first, second = store.keep(b"one", NOW), store.keep(b"two", NOW)
    assert first is not None
    assert second is not None
    assert (store.content(first.id), store.content(second.id)) == (b"one", b"two")


def test_a_torn_line_costs_no_other_version(store: VersionStore) -> None:
    store.keep(b"one", NOW)
    with (store.folder / "log.jsonl").open("ab") as log:
        log.write(b'{"id": "torn')
    store.keep(b"two", NOW + timedelta(minutes=1))
    assert [store.content(version.id) for version in store.versions()] == [b"one", b"two"]


def test_an_unknown_version_is_not_kept(store: VersionStore) -> None:
    with pytest.raises(NotKept):
        store.content("20200101T000000-0")


def test_thinning_deletes_the_contents_that_nothing_names(store: VersionStore) -> None:
    for second in range(30):
        store.keep(b"%d" % second, NOW + timedelta(seconds=second))
    store.thin(NOW + timedelta(days=60))
    kept = store.versions()
    assert len(kept) == 2
    assert len(list((store.folder / "contents").iterdir())) == 2
    assert store.content(kept[-1].id) == b"29"


def test_a_long_session_stays_within_its_limit(tmp_path: Path) -> None:
    small = VersionStore(tmp_path / "a.ipynb", limit_bytes=400)
    for second in range(60):
        small.keep(b"content %d" % second, NOW + timedelta(seconds=second))
    assert sum(path.stat().st_size for path in (small.folder / "contents").iterdir()) < 400 + 20 * 30


def test_a_large_notebook_is_kept_once_a_minute_and_always_for_a_reason(store: VersionStore) -> None:
    def at(second: int, reason: str = "saved") -> bool:
        return store.keep(b"%03d" % second + bytes(LARGE_BYTES), NOW + timedelta(seconds=second), reason) is not None

    assert [at(0), at(10), at(20, "submitted"), at(30), at(90)] == [True, False, True, False, True]
