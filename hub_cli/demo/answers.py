"""The answers of invented students: a sheet whose fences name a cell and a variant, with the teacher's comment above."""

from dataclasses import dataclass

from hub_cli.demo.sheet import blocks


@dataclass(frozen=True)
class Answer:
    """One way to answer one cell; points and comment are there where it is graded by hand."""

    source: str
    points: float | None
    comment: str


Answers = dict[tuple[str, str], Answer]


def answers(text: str) -> Answers:
    """The answers of a sheet by (cell, variant)."""
    found: Answers = {}
    comment = ""
    for block in blocks(text):
        if block.grade_id:
            found[block.grade_id, block.kind] = Answer(block.source, block.points, comment)
            comment = ""
        else:
            comment = block.source.replace("\n", " ")
    return found
