"""nbgrader submit: the student's folder to the platform, which answers with a receipt."""

import os
from pathlib import Path

from nbgrader.exchange import abc

from himalia_exchange.archive import IGNORED, pack, unpack
from himalia_exchange.client import ExchangeClient
from himalia_exchange.plugin.exchange import HimaliaExchange, shown


class HimaliaExchangeSubmit(HimaliaExchange, abc.ExchangeSubmit):
    """Hands in for oneself alone: the platform knows who asks from the workspace's token."""

    def init_src(self) -> None:
        super().init_src()
        name = self.check_assignment()
        if self.coursedir.student_id not in ("*", os.environ.get("JUPYTERHUB_USER", "*")):
            self.fail("A workspace hands in for its own person alone: leave --student out.")
        self.folder = self.assignment_folder(name)
        if not self.folder.is_dir():
            self.fail(f"Assignment not found at: {self.folder}. Run this from the folder that holds {name}.")

    def copy_files(self) -> None:
        with self.platform() as client:
            archive = pack(self.folder, {*IGNORED, *self.coursedir.ignore})
            self._compare(client, set(unpack(archive)))
            receipt = client.submit(self.folder.name, archive)
        late = " (late)" if receipt.late else ""
        self.log.info("Submitted as: %s %s %s%s", receipt.course, receipt.assignment, shown(receipt.received_at), late)
        self.log.info("Receipt %s, SHA-256 %s", receipt.id, receipt.sha256)

    def _compare(self, client: ExchangeClient, submitted: set[str]) -> None:
        infos = {info.name: info for info in client.assignments()}
        released = set(infos[self.folder.name].notebooks) if self.folder.name in infos else set()
        missing = sorted(released - submitted)
        extra = sorted(name for name in submitted - released if Path(name).suffix == ".ipynb")
        if missing and self.strict:
            self.fail(f"Assignment {self.folder.name} not submitted. Notebooks are missing: {', '.join(missing)}")
        if released and (missing or extra):
            self.log.warning("Missing notebooks: %s. Extra notebooks: %s.", missing or "none", extra or "none")
