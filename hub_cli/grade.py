"""`himalia grade COURSE_DIR ASSIGNMENT`: grade a plain nbgrader course folder, with no platform running."""

from himalia_grade.cli import add_arguments, run

__all__ = ["add_arguments", "run"]
