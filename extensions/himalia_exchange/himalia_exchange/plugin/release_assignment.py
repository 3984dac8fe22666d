"""nbgrader release_assignment: what generate_assignment made, to the platform, with its source beside it."""

from pathlib import Path

from nbgrader.exchange import abc

from himalia_exchange.archive import IGNORED, pack
from himalia_exchange.plugin.exchange import HimaliaExchange
from himalia_exchange.wire import State


class HimaliaExchangeReleaseAssignment(HimaliaExchange, abc.ExchangeReleaseAssignment):
    """Students get exactly the release/ folder; the platform keeps source/ to grade with."""

    def init_src(self) -> None:
        super().init_src()
        name = self.check_assignment()
        self.folder = self.step_folder(self.coursedir.release_directory, ".", name).resolve()
        self.source = self.step_folder(self.coursedir.source_directory, ".", name).resolve()
        if not self.folder.is_dir() and self.source.is_dir():
            self.fail(f"Assignment found in '{self.source}' but not '{self.folder}', run `nbgrader generate_assignment` first.")
        if not self.folder.is_dir():
            self.fail(f"Assignment not found at: {self.folder}")

    def copy_files(self) -> None:
        with self.platform() as client:
            known = {info.name: info.state for info in client.assignments()}
            if known.get(self.folder.name) is State.RELEASED and not self.force:
                self.fail(f"{self.folder.name} is already released: add --force to release it again.")
            if self.source.is_dir():
                client.put_source(self.folder.name, self._packed(self.source))
            made = client.release(self.folder.name, self._packed(self.folder), ready=True)
        self.log.info("Released as: %s %s (version %s)", self.check_course(), made.assignment, made.version)

    def _packed(self, folder: Path) -> bytes:
        return pack(folder, {*IGNORED, *self.coursedir.ignore})
