"""nbgrader fetch_assignment: the released version into the student's folder."""

from nbgrader.exchange import abc

from himalia_exchange.archive import lay_out, unpack
from himalia_exchange.plugin.exchange import HimaliaExchange


class HimaliaExchangeFetchAssignment(HimaliaExchange, abc.ExchangeFetchAssignment):
    """Never overwrites: a folder that is there is an error, or, with `--replace`, gets the files that it lacks."""

    def init_dest(self) -> None:
        self.folder = self.assignment_folder(self.check_assignment())
        if self.folder.is_dir() and not self.replace_missing_files:
            self.fail(f"You already have a copy of the assignment in this directory: {self.folder.name}")

    def copy_files(self) -> None:
        with self.platform() as client:
            files = unpack(client.fetch(self.folder.name))
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in lay_out(files, self.folder, replace=False):
            self.log.debug("Fetched: %s", path)
        self.log.info("Fetched as: %s %s", self.check_course(), self.folder.name)
