"""What a cell shows, gathered as a notebook client would gather it from the kernel's messages."""

from collections.abc import Callable
from typing import Any, ClassVar

Output = dict[str, Any]
Content = dict[str, Any]

TRUNCATED = "\n... Output truncated ...\n"
_ERROR_ROOM = 1 << 20  # an error is a mark's reason: it is kept even when prints have used the room


class Outputs:
    """The outputs of one cell, up to `room` characters; what comes after is dropped, never kept in memory."""

    def __init__(self, room: int) -> None:
        self.items: list[Output] = []
        self._room = room
        self._clear_later = False
        self._by_display_id: dict[str, list[Output]] = {}

    def stream(self, name: str, text: str) -> None:
        """Add text that was written to standard output or error."""
        if not text or self._room <= 0:
            return
        self._before_adding()
        kept = self._kept(text)
        last = self.items[-1] if self.items else None
        if last and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += kept
        else:
            self.items.append({"output_type": "stream", "name": name, "text": kept})

    def message(self, kind: str, content: Content) -> None:
        """Add what a kernel message of this kind would add; kinds that show nothing are ignored."""
        action = self._ACTIONS.get(kind)
        if action:
            action(self, kind, content)

    def _bundle(self, kind: str, content: Content) -> None:
        size = _size(content)
        if size > self._room:
            self.stream("stdout", TRUNCATED)
            self._room = 0
            return
        self._room -= size
        self._before_adding()
        item: Output = {"output_type": kind, "data": content["data"], "metadata": content["metadata"]}
        if kind == "execute_result":
            item["execution_count"] = content["execution_count"]
        self.items.append(item)
        identity = (content.get("transient") or {}).get("display_id")
        if identity:
            self._by_display_id.setdefault(str(identity), []).append(item)

    def _update(self, _kind: str, content: Content) -> None:
        if _size(content) > self._room:
            return
        for item in self._by_display_id.get(str((content.get("transient") or {}).get("display_id")), []):
            item["data"], item["metadata"] = content["data"], content["metadata"]

    def _error(self, _kind: str, content: Content) -> None:
        self._before_adding()
        self._room = max(self._room, 0) + _ERROR_ROOM
        if _size(content) <= self._room:
            self.items.append({"output_type": "error", **{key: content[key] for key in ("ename", "evalue", "traceback")}})
        else:
            short = {"ename": str(content["ename"])[:200], "evalue": str(content["evalue"])[:2000], "traceback": [TRUNCATED]}
            self.items.append({"output_type": "error", **short})
        self._room -= _ERROR_ROOM

    def _clear(self, _kind: str, content: Content) -> None:
        if content.get("wait"):
            self._clear_later = True
        else:
            self.items.clear()

    def _before_adding(self) -> None:
        if self._clear_later:
            self.items.clear()
            self._clear_later = False

    def _kept(self, text: str) -> str:
        room, self._room = self._room, self._room - len(text)
        return text if len(text) <= room else text[:room] + TRUNCATED

    _ACTIONS: ClassVar[dict[str, Callable[["Outputs", str, Content], None]]] = {
        "display_data": _bundle,
        "execute_result": _bundle,
        "update_display_data": _update,
        "error": _error,
        "clear_output": _clear,
    }


def _size(value: object) -> int:
    """About how many characters a content takes, without building its text."""
    if isinstance(value, dict):
        return sum(len(str(key)) + _size(inner) for key, inner in value.items())
    if isinstance(value, list):
        return sum(map(_size, value))
    return len(value) if isinstance(value, str) else 8
