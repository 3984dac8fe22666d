"""nbgrader release_feedback: the teacher's feedback/ folder to the students whose copies it holds."""

from collections.abc import Iterator
from pathlib import Path

from nbgrader.exchange import abc

from himalia_exchange.archive import pack
from himalia_exchange.plugin.exchange import SUBMISSION_FILE, HimaliaExchange


class HimaliaExchangeReleaseFeedback(HimaliaExchange, abc.ExchangeReleaseFeedback):
    """Publishes the pages that generate_feedback made; each folder names the submission that it was collected from."""

    def copy_files(self) -> None:
        name = self.check_assignment()
        files = {
            f"{identifier}/{page.name}": page.read_bytes()
            for identifier, folder in self._copies(name)
            for page in sorted(folder.glob("*.html"))
        }
        if not files:
            self.fail(f"There is no feedback of {name} here. Run `nbgrader generate_feedback {name}` first.")
        with self.platform() as client:
            info = client.publish_feedback(name, pack(files))
        self.log.info("Feedback released: %s %s (%s copies)", self.check_course(), name, info.published)

    def _copies(self, name: str) -> Iterator[tuple[str, Path]]:
        excluded = set(self.coursedir.student_id_exclude.split(","))
        pattern = self.step_folder(self.coursedir.feedback_directory, self.coursedir.student_id or "*", name)
        base = Path(self.coursedir.root)
        for folder in sorted(base.glob(str(pattern.relative_to(base)))):
            mark = folder / SUBMISSION_FILE
            if folder.parent.name in excluded:
                self.log.debug("Skipping student '%s'", folder.parent.name)
            elif mark.exists():
                yield mark.read_text().strip(), folder
            else:
                self.log.warning("%s was not collected from this platform: it is left out", folder)
