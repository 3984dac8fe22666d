"""The grading engine: nbgrader's scores at a fraction of its cost, each copy apart from the others.

What a platform imports, stable::

    from himalia_grade.grader import Grader          # Grader(environment, limits, sandbox=True, config=None)
    from himalia_grade.models import CopyTask, CopyResult, NotebookResult, CellScore, Flag, Limits
    from himalia_grade.warm import EngineError       # the engine cannot work here: a sentence, nothing wrong with a copy
    from himalia_grade.release import check, student_version, ReleaseError
    from himalia_grade.feedback import render        # one graded copy as safe HTML, French or English
    from himalia_grade.similarity import alike       # pairs of copies, as evidence

    with Grader(environment=Path("/srv/env"), limits=Limits(cell_seconds=30)) as grader:
        result = grader.grade(CopyTask("amina", source, submitted, files))

One `Grader` grades one copy at a time and keeps one warm interpreter; for N at once, make N. It is used from one thread
at a time, any thread. `grade` never raises for what a student did: what happened is in `CopyResult.reason` (English), and
in `NotebookResult.incident.sentence("fr")`. A score's flags ask a person to look; they never change the score.

Before the first copy of an assignment its model solution is graded (`Grader.rehearse`): that tells which tests say
nothing, and gives findings for the teacher beside those of `check`, which needs no run.

Two halves. This package is the trusted one: it reads nbgrader's formats and applies nbgrader's rules. `sandboxed` runs
beside students' code, in the course's environment, and imports nothing of the trusted half. Between them go frames of
JSON over Unix sockets, sized and checked field by field here (`protocol`).
"""
