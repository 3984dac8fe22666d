"""nbgrader fetch_feedback: one's published graded copies into the assignment's folder."""

from nbgrader.exchange import abc

from himalia_exchange.archive import lay_out, unpack
from himalia_exchange.plugin.exchange import HimaliaExchange, shown

# In a copy's folder: the SHA-256 of what was fetched, so that a newer one can be told.
MARK_FILE = ".himalia-feedback"


class HimaliaExchangeFetchFeedback(HimaliaExchange, abc.ExchangeFetchFeedback):
    """Puts each copy in `feedback/<time of the submission>`, where nbgrader's panel looks for it."""

    def init_dest(self) -> None:
        self.folder = self.assignment_folder(self.check_assignment())

    def copy_files(self) -> None:
        with self.platform() as client:
            files = unpack(client.feedback(self.folder.name))
            published = {made.id: made for made in client.submissions(self.folder.name) if made.feedback_sha256}
        for identifier, made in published.items():
            own = {path.partition("/")[2]: held for path, held in files.items() if path.startswith(f"{identifier}/")}
            folder = self.folder / "feedback" / shown(made.received_at)
            lay_out({**own, MARK_FILE: (made.feedback_sha256 or "").encode()}, folder)
            self.log.info("Fetched feedback: %s", folder)
