"""What a machine offers, in sentences and in words for systemd."""

import os

import pytest
from himalia_sandbox import Limits, Means
from himalia_sandbox.means import scope


def test_sentences_say_what_holds() -> None:
    walls, limits, who = Means(bubblewrap=True, limits="cgroup2", uid=True).sentences()
    assert "bubblewrap" in walls
    assert "version 2" in limits
    assert "uid of its own" in who


def test_sentences_say_what_does_not_hold() -> None:
    walls, limits, who = Means(bubblewrap=False, limits="rlimit", uid=False, reason="it is not installed").sentences()
    assert "cannot be used: it is not installed" in walls
    assert "no hard limit" in limits
    assert "platform's uid" in who


@pytest.mark.parametrize("all_together", [False, True])
def test_a_scope_holds_memory_processes_and_processors(all_together: bool) -> None:
    words = scope("p-a.intro", Limits(1 << 30, 64, 1.5, all_die_together=all_together))
    properties = {words[i + 1] for i, word in enumerate(words) if word == "-p"}
    policy = "OOMPolicy=kill" if all_together else "OOMPolicy=continue"
    assert properties == {"MemoryMax=1073741824", "MemorySwapMax=0", "TasksMax=64", "CPUQuota=150%", policy}
    assert ("--user" in words) is (os.geteuid() != 0)
    assert words[-1] == "--"


def test_two_scopes_of_one_name_are_two_units() -> None:
    names = {word for _ in range(2) for word in scope("a", Limits(1, 1)) if word.startswith("--unit=")}
    assert len(names) == 2
