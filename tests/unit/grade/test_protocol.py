"""What comes from a sandbox is read as a stranger's: whatever it is, an answer of ours comes out, or a named refusal."""

import contextlib
import json
import socket
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from himalia_grade.protocol import Answer, ForgedError, HungUpError, Line, TooLateError, answer, decoded
from himalia_grade.sandboxed.frames import receive, send
from hypothesis import given
from hypothesis import strategies as st

OK = {"status": "ok", "outputs": [], "execution_count": 1}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from(["id", "replies", "status", "outputs", "output_type", "data", "name", "text", "ename", "traceback"])
SHAPED = st.recursive(
    JSON | st.sampled_from(["ok", "error", "stream", "display_data", "execute_result", "stdout", "text/plain", 1]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@pytest.fixture
def line() -> Iterator[tuple[Line, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Line(ours, 1000), theirs


def reply(*outputs: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": 3, "replies": [{**OK, "outputs": list(outputs), **more}]}


@given(SHAPED)
def test_any_value_is_an_answer_or_refused(value: Any) -> None:
    try:
        read = answer(value, 1, 1)
    except ForgedError:
        return
    assert isinstance(read, Answer)
    json.dumps([dict(output) for one in read.replies for output in one.outputs]).encode("utf-8")


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_refused(body: bytes) -> None:
    value: Any = ForgedError
    with contextlib.suppress(ForgedError):
        value = decoded(body)
    assert value is ForgedError or json.loads(body) == value


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b"NaN", b"[Infinity]", b"1" * 5000, b'"\xff"', b"", b'{"a": }', b'{"a"' + b":[" * 50_000],
    ids=["deep", "nan", "infinity", "endless number", "not utf-8", "empty", "cut", "deep objects"],
)  # fmt: skip
def test_bombs_are_refused(body: bytes) -> None:
    with pytest.raises(ForgedError):
        decoded(body)


@pytest.mark.parametrize(
    "value",
    [
        {"id": 4, "replies": [OK]},
        {"id": 3, "replies": [OK, OK]},
        {"id": 3, "replies": []},
        {"id": 3},
        {"id": True, "replies": [OK]},
        reply({"output_type": "grade", "points": 99}),
        reply({"output_type": "stream", "name": "grade", "text": "x"}),
        reply({"output_type": "stream", "name": "stdout", "text": ["x"]}),
        reply({"output_type": "display_data", "data": {"text/plain": 1}, "metadata": {}}),
        reply({"output_type": "display_data", "data": {str(n): "" for n in range(99)}, "metadata": {}}),
        reply({"output_type": "execute_result", "data": {}, "metadata": {}, "execution_count": -1}),
        reply({"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x"] * 20_000}),
        reply(execution_count=True),
        reply(status="graded"),
        [],
        None,
    ],
)
def test_what_is_no_answer_is_refused(value: Any) -> None:
    with pytest.raises(ForgedError):
        answer(value, 3, 1)


def test_an_answer_is_taken_apart_field_by_field() -> None:
    shown = {"output_type": "stream", "name": "stdout", "text": "half \ud800", "points": 99}
    read = answer(reply(shown, ename="E", points=99), 3, 1)
    assert read.replies[0].outputs == ({"output_type": "stream", "name": "stdout", "text": "half ?"},)


def test_json_outputs_keep_their_shape() -> None:
    bundle = {"application/vnd.x+json": {"a": [1, None, "é"]}, "text/plain": "x"}
    read = answer(reply({"output_type": "display_data", "data": bundle, "metadata": {}}), 3, 1)
    assert read.replies[0].outputs[0]["data"] == bundle


def test_frames_go_both_ways(line: tuple[Line, socket.socket]) -> None:
    ours, theirs = line
    ours.send({"op": "cell", "codes": ["é"]})
    assert receive(theirs) == {"op": "cell", "codes": ["é"]}
    send(theirs, {"id": 1})
    send(theirs, {"id": 2})
    assert [ours.receive(1), ours.receive(1)] == [{"id": 1}, {"id": 2}]


def test_a_frame_that_is_too_long_is_refused_unread(line: tuple[Line, socket.socket]) -> None:
    ours, theirs = line
    theirs.sendall(struct.pack(">I", 1001))
    with pytest.raises(ForgedError, match="1001 bytes"):
        ours.receive(1)


def test_silence_and_the_end_are_told_apart(line: tuple[Line, socket.socket]) -> None:
    ours, theirs = line
    theirs.sendall(b"\0\0")
    with pytest.raises(TooLateError):
        ours.receive(0.01)
    theirs.close()
    with pytest.raises(HungUpError):
        ours.receive(1)
