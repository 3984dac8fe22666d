"""nbgrader collect: everybody's submission that counts, into the teacher's submitted/ folder."""

import shutil

from nbgrader.exchange import abc
from nbgrader.utils import parse_utc

from himalia_exchange.archive import lay_out, unpack
from himalia_exchange.client import ExchangeClient
from himalia_exchange.plugin.exchange import BESIDE, HimaliaExchange, shown, written
from himalia_exchange.wire import SubmissionInfo


class HimaliaExchangeCollect(HimaliaExchange, abc.ExchangeCollect):
    """Takes for each student the submission that counts by the course's rule: the last on time, else the last late one."""

    def copy_files(self) -> None:
        name = self.check_assignment()
        with self.platform() as client:
            wanted = [made for made in client.submissions(name, everyone=True) if made.counts and self._asked(made)]
            if not wanted:
                self.log.warning("No submissions of '%s' for course '%s' to collect", name, self.check_course())
            for made in wanted:
                self._collect(client, made)

    def _asked(self, made: SubmissionInfo) -> bool:
        return self.coursedir.student_id in ("", "*", made.person)

    def _collect(self, client: ExchangeClient, made: SubmissionInfo) -> None:
        folder = self.step_folder(self.coursedir.submitted_directory, made.person, made.assignment)
        if folder.is_dir():
            if not (self.update or self.before_duedate):
                self.log.info("Submission already exists, use --update to update: %s %s", made.person, made.assignment)
                return
            if written(folder) == parse_utc(shown(made.received_at)):
                self.log.info("No newer submission to collect: %s %s", made.person, made.assignment)
                return
        files = unpack(client.submission(made.id))
        shutil.rmtree(folder, ignore_errors=True)
        beside = dict(zip(BESIDE, (made.id.encode(), shown(made.received_at).encode()), strict=True))
        lay_out({**files, **beside}, folder)
        self.log.info("Collecting submission: %s %s", made.person, made.assignment)
