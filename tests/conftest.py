"""What holds for every tier: its marker, no socket in unit tests, and nothing skipped where a change is judged."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from pytest_socket import disable_socket, enable_socket

TESTS = Path(__file__).parent
IN_CI = os.environ.get("CI") == "true"


def tier_of(path: Path) -> str:
    """The tier is the first folder: unit, service, browser or cluster."""
    return path.relative_to(TESTS).parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        tier = tier_of(item.path)
        if tier != "unit":
            item.add_marker(tier)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A unit test that opens a socket fails; event loops may keep their own pair."""
    if tier_of(item.path) == "unit":
        disable_socket(allow_unix_socket=True)


def pytest_runtest_teardown() -> None:
    enable_socket()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CI=true a test that cannot run is a failure: what is not tested is not known to work."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here: {report.longrepr}"
    return report
