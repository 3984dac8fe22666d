"""What `up` says while one waits: a line per thing done, with the seconds since the start."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
SLOW_SECONDS = 1.0


class Progress:
    """Prints for the person at the keyboard; things that were there already are not worth a line."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self._start:6.1f} s  {text}", flush=True)

    def doing(self, what: str, step: Callable[[], Result]) -> Result:
        """Do one step of the installation."""
        began = time.monotonic()
        result = step()
        if time.monotonic() - began > SLOW_SECONDS:
            self.say(f"installed {what}")
        return result
