"""Standard output and error of the interpreter, and of what it starts or calls, on their way into a cell's outputs."""

import io
import os
from collections.abc import Callable

Write = Callable[[str, str], None]
_NAMES = ("stdout", "stderr")


class CellStream(io.TextIOBase):
    """Python's side of a standard stream: text goes straight into the cell."""

    def __init__(self, name: str, write: Write) -> None:
        self.name = name
        self._write = write
        self._nowhere = -1

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "UTF-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "strict"

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._write(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """ipykernel gives the server's own stream, which a notebook does not show: here it goes nowhere too."""
        if self._nowhere < 0:
            self._nowhere = os.open(os.devnull, os.O_WRONLY)
        return self._nowhere


class Descriptors:
    """File descriptors 1 and 2 on memory files: what C code and child processes write, read back between messages."""

    def __init__(self, write: Write, most: int) -> None:
        self._write = write
        self._most = most
        self._files = [os.memfd_create(name) for name in _NAMES]
        for number, file in enumerate(self._files, start=1):
            os.dup2(file, number)

    def drain(self) -> None:
        """Move what was written since the last time into the cell."""
        for name, file in zip(_NAMES, self._files, strict=True):
            size = os.fstat(file).st_size
            if size:
                text = os.pread(file, min(size, self._most), 0).decode("utf-8", "replace")
                os.ftruncate(file, 0)
                os.lseek(file, 0, os.SEEK_SET)
                self._write(name, text)

    def separate(self) -> None:
        """Give this process files of its own, after a fork: two interpreters must not read each other's lines."""
        self.__init__(self._write, self._most)  # type: ignore[misc]
