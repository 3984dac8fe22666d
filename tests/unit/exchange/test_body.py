"""Bodies: bounded one by one, and bounded together."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import cast

import pytest
from fastapi import Request

from hub_services.exchange.body import read_bounded, turn
from hub_services.web.refusals import Refusal

MEBIBYTE = 1024 * 1024


def sent(parts: int, state: SimpleNamespace, declared: str = "") -> Request:
    """A request with that many parts of a mebibyte each; it counts what is read of it."""

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(parts):
            state.read += 1
            yield bytes(MEBIBYTE)

    headers = {"content-length": declared} if declared else {}
    return cast("Request", SimpleNamespace(headers=headers, app=SimpleNamespace(state=state), stream=stream))


def test_a_body_within_the_limit_is_whole() -> None:
    assert asyncio.run(read_bounded(sent(3, SimpleNamespace(read=0)), 3)) == bytes(3 * MEBIBYTE)


def test_a_larger_one_is_read_on_for_a_while_so_that_the_answer_arrives() -> None:
    state = SimpleNamespace(read=0)
    with pytest.raises(Refusal):
        asyncio.run(read_bounded(sent(100, state), 2))
    assert state.read == 17


@pytest.mark.parametrize(("declared", "together"), [(str(MEBIBYTE), 9), (str(9 * MEBIBYTE), 4), ("", 4), ("-1", 4)])
def test_few_large_ones_are_read_at_a_time(declared: str, together: int) -> None:
    state, running, most = SimpleNamespace(read=0), 0, 0

    async def one() -> None:
        nonlocal running, most
        async with turn(sent(1, state, declared)):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            running -= 1

    async def all_at_once() -> None:
        await asyncio.gather(*(one() for _ in range(9)))

    asyncio.run(all_at_once())
    assert most == together
