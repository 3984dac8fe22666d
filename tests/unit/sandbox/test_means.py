"""What a machine offers is remembered when it is good: a bad moment is not held against a process that lives for weeks."""

from collections.abc import Iterator

import pytest
from himalia_sandbox import groups, means


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    means._tried.cache_clear()
    yield
    means._tried.cache_clear()


def test_only_a_good_answer_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["no namespace just now", "", "never asked"]
    monkeypatch.setattr(means, "_bubblewrap_refusal", lambda: answers.pop(0))
    monkeypatch.setattr(means, "_limits", lambda: "cgroup2")
    monkeypatch.setattr(groups, "sweep", lambda _root: None)
    assert [means.detect().bubblewrap for _ in range(4)] == [False, True, True, True]
    assert answers == ["never asked"]
