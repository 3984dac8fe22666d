"""The command `himalia-grade`, and `himalia grade`: grade a plain nbgrader course folder."""

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from himalia_grade.models import MEBIBYTE, CopyResult, Flag, Limits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    limits = Limits()
    parser.add_argument("course", type=Path, metavar="COURSE_DIR", help="the course's folder: source/, submitted/, gradebook.db")
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="the assignment's name")
    parser.add_argument("--student", default="*", metavar="S", help="grade this student's copy only")
    parser.add_argument("--workers", type=int, default=min(4, os.cpu_count() or 1), metavar="N", help="copies graded at once")
    parser.add_argument("--force", "-f", action="store_true", help="grade again what is graded already")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each copy")
    parser.add_argument("--similar", action="store_true", help="say at the end which copies are alike")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="decides every random choice (default: 0)")
    parser.add_argument("--environment", type=Path, metavar="DIR", help="a virtual environment with ipykernel, for copies")
    parser.add_argument("--memory", type=int, default=limits.memory_bytes // MEBIBYTE, metavar="MB", help="what a copy may use")
    parser.add_argument("--copy-seconds", type=float, default=limits.copy_seconds, metavar="S", help="what a whole copy may take")
    parser.add_argument("--no-sandbox", action="store_true", help="run students' code with your own rights")


def run(arguments: argparse.Namespace) -> int:
    """Grade; 0: every copy has its marks, 1: some have none, or a sentence says why nothing was graded."""
    # Imported late: `himalia --help` must not wait for nbgrader.
    from himalia_grade.course_folder import CourseError
    from himalia_grade.gradebook import GradebookError
    from himalia_grade.run import Request, failed, grade_assignment, similar
    from himalia_grade.warm import EngineError

    request = Request(
        folder=arguments.course,
        assignment=arguments.assignment,
        student=arguments.student,
        workers=arguments.workers,
        force=arguments.force,
        sandbox=not arguments.no_sandbox,
        environment=arguments.environment,
        limits=Limits(memory_bytes=arguments.memory * MEBIBYTE, copy_seconds=arguments.copy_seconds),
        seed=arguments.seed,
    )
    if arguments.no_sandbox:
        print("Students' code runs with your own rights: it can read and change your files.", file=sys.stderr)
    results: list[CopyResult] = []
    try:
        for graded in grade_assignment(request):
            results += [graded.result] if graded.result else []
            print(line(graded.student, graded.result, as_json=arguments.json), flush=True)
        if arguments.similar:
            for pair in similar(request, results):
                print(pair_line(pair.first, pair.second, pair.share, as_json=arguments.json))
    except (CourseError, GradebookError, EngineError) as error:
        print(f"himalia grade: {error}", file=sys.stderr)
        return 1
    return 1 if any(failed(result) for result in results) else 0


def line(student: str, result: CopyResult | None, *, as_json: bool) -> str:
    """What is printed of one copy."""
    if as_json:
        return json.dumps(_record(student, result), ensure_ascii=False)
    if result is None:
        return f"{student}: graded already; --force grades it again"
    words = [f"{student}: {result.score:g} of {result.max_score:g}, {result.seconds:.1f} s"]
    words += [f"  {result.reason}"] if result.reason else []
    words += [f"  look at {flag.grade_id or 'the copy'}: {_words(flag)}" for flag in result.flags]
    return "\n".join(words)


def pair_line(first: str, second: str, share: float, *, as_json: bool) -> str:
    """What is printed of two copies that are alike: evidence to read, not a verdict."""
    if as_json:
        return json.dumps({"similar": [first, second], "share": share}, ensure_ascii=False)
    return f"{first} and {second} are alike: {share:.0%} of the shorter one's answers"


def _record(student: str, result: CopyResult | None) -> dict[str, object]:
    if result is None:
        return {"student": student, "skipped": True}
    return {
        "student": student,
        "score": result.score,
        "max_score": result.max_score,
        "flags": [dataclasses.asdict(flag) for flag in result.flags],
        "reason": result.reason,
        "seconds": result.seconds,
        "cpu_seconds": result.cpu_seconds,
    }


def _words(flag: Flag) -> str:
    if flag.kind == "twin-passes":
        return f"a test that was made wrong passes too: {flag.detail.strip().splitlines()[0][:80]} …"
    return flag.detail


def main(argv: Sequence[str] | None = None) -> int:
    """The program `himalia-grade`."""
    parser = argparse.ArgumentParser(prog="himalia-grade", description="Grade a plain nbgrader course folder.")
    add_arguments(parser)
    return run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(main())
