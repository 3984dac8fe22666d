"""What people and programs are told when something is not done: what happened, what it means, what to do."""

from collections.abc import Mapping


class Refusal(Exception):
    """A refusal in words. `title` and `detail` are English msgids; `values` fill their `%(name)s` after translation."""

    def __init__(self, status: int, title: str, detail: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.values = dict(values or {})
