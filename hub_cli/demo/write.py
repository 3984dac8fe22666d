"""A demo course as the plain folder that nbgrader knows, for use without the platform."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from hub_cli.demo.models import DemoCourse, DemoSubmission
from hub_cli.demo.shelf import licence

_CONFIG = """\
# Course "{title}", licence CC0. Try: nbgrader generate_assignment {first}
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "{slug}"
c.ClearSolutions.code_stub = {{"python": "# VOTRE RÉPONSE ICI\\nraise NotImplementedError()"}}
c.ClearSolutions.text_stub = "VOTRE RÉPONSE ICI"
"""


def write_course(folder: Path, course: DemoCourse) -> None:
    """Leave `course` in `folder`: nbgrader_config.py, requirements.txt, LICENSE.md and source/<assignment>/."""
    first = course.assignments[0].name
    config = _CONFIG.format(title=course.title, slug=course.slug, first=first)
    _write(
        folder,
        {
            "nbgrader_config.py": config.encode(),
            "requirements.txt": "\n".join([*course.requirements, ""]).encode(),
            "LICENSE.md": licence(),
        },
    )
    for assignment in course.assignments:
        _write(folder / "source" / assignment.name, assignment.source)


def write_submissions(folder: Path, course: DemoCourse, today: datetime) -> None:
    """Add submitted/<student>/<assignment>/ as nbgrader collects it; each student's last one stands."""
    for assignment in course.assignments:
        deadline = today + (assignment.deadline or today - today)
        for submission in sorted(assignment.submissions, key=_offset):
            target = folder / "submitted" / submission.student.login / assignment.name
            moment = f"{deadline + submission.offset:%Y-%m-%d %H:%M:%S} UTC\n"
            _write(target, {**submission.files, "timestamp.txt": moment.encode()})


def _offset(submission: DemoSubmission) -> float:
    return submission.offset.total_seconds()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
