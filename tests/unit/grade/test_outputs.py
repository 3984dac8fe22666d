"""What a cell showed, kept up to a room; errors are kept even then."""

import os

from himalia_grade.sandboxed.outputs import TRUNCATED, Outputs
from himalia_grade.sandboxed.streams import CellStream


def bundle(text: str, identity: str = "") -> dict[str, object]:
    transient = {"display_id": identity} if identity else {}
    return {"data": {"text/plain": text}, "metadata": {}, "transient": transient, "execution_count": 1}


def test_lines_of_one_stream_are_joined_and_order_is_kept() -> None:
    outputs = Outputs(1000)
    for name, text in (("stdout", "a\n"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d"), ("stdout", "")):
        outputs.stream(name, text)
    assert [(item["name"], item["text"]) for item in outputs.items] == [("stdout", "a\nb"), ("stderr", "c"), ("stdout", "d")]


def test_what_is_too_much_is_cut_and_then_dropped() -> None:
    outputs = Outputs(10)
    outputs.stream("stdout", "x" * 50)
    outputs.stream("stdout", "y" * 50)
    outputs.message("display_data", bundle("z" * 50))
    assert [item["text"] for item in outputs.items] == ["x" * 10 + TRUNCATED]


def test_an_error_is_kept_when_the_room_is_used_up() -> None:
    outputs = Outputs(10)
    outputs.stream("stdout", "x" * 50)
    outputs.message("error", {"ename": "E", "evalue": "v", "traceback": ["t"]})
    assert outputs.items[-1] == {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]}


def test_an_error_without_end_is_cut() -> None:
    outputs = Outputs(10)
    outputs.message("error", {"ename": "E", "evalue": "v" * 10**7, "traceback": ["t" * 10**7]})
    assert len(repr(outputs.items)) < 10_000


def test_clearing_now_and_later() -> None:
    outputs = Outputs(1000)
    outputs.stream("stdout", "a")
    outputs.message("clear_output", {"wait": True})
    assert outputs.items
    outputs.stream("stdout", "b")
    assert [item["text"] for item in outputs.items] == ["b"]
    outputs.message("clear_output", {"wait": False})
    assert outputs.items == []


def test_a_display_is_updated_where_it_stands() -> None:
    outputs = Outputs(1000)
    outputs.message("display_data", bundle("a", "one"))
    outputs.message("execute_result", bundle("b"))
    outputs.message("update_display_data", bundle("c", "one"))
    outputs.message("status", {"execution_state": "busy"})
    assert [item["data"]["text/plain"] for item in outputs.items] == ["c", "b"]
    assert [item["output_type"] for item in outputs.items] == ["display_data", "execute_result"]


def test_a_stream_is_what_libraries_expect_of_one() -> None:
    written: list[tuple[str, str]] = []
    stream = CellStream("stdout", lambda name, text: written.append((name, text)))
    print("é", file=stream)
    assert written == [("stdout", "é"), ("stdout", "\n")]
    assert (stream.encoding, stream.isatty(), stream.writable()) == ("UTF-8", False, True)
    os.write(stream.fileno(), b"to the server, not to the notebook")
    assert len(written) == 2
