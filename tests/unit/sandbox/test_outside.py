"""The HTTPS proxy lets through what its list names, and only to addresses of the public Internet."""

import asyncio

import pytest
from himalia_sandbox.outside import Outside, wanted


def test_only_connect_to_443_is_understood() -> None:
    assert wanted(b"CONNECT PyPI.org.:443 HTTP/1.1\r\nHost: x\r\n\r\n") == "pypi.org"
    for head in (b"CONNECT pypi.org:22 HTTP/1.1", b"GET http://pypi.org/ HTTP/1.1", b"nonsense", b"CONNECT \xff:443 HTTP/1.1"):
        with pytest.raises(ValueError):  # noqa: PT011 -- UnicodeDecodeError is one
            wanted(head)


@pytest.mark.parametrize(
    ("host", "found", "expected"),
    [
        ("pypi.org", ["151.101.0.223"], "151.101.0.223"),
        ("pypi.org", ["127.0.0.1"], None),
        ("pypi.org", ["169.254.169.254", "10.0.0.1", "::1", "fd00::1"], None),
        ("pypi.org", ["192.168.1.1", "151.101.0.223"], "151.101.0.223"),
        ("evil.example", ["151.101.0.223"], None),
        ("sub.pypi.org", ["151.101.0.223"], None),
    ],
)
def test_a_host_is_reached_by_name_and_only_outside(host: str, found: list[str], expected: str | None) -> None:
    async def resolve(_: str) -> list[str]:
        return found

    assert asyncio.run(Outside(["PyPI.org"], resolve).address(host)) == expected


def test_an_empty_list_reaches_nothing() -> None:
    assert asyncio.run(Outside([]).address("pypi.org")) is None
