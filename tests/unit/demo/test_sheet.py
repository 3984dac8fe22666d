"""A sheet becomes the notebook that nbgrader expects."""

import pytest

from hub_cli.demo.answers import answers
from hub_cli.demo.sheet import blocks, notebook, to_bytes

SHEET = """\
# Titre

```python somme solution
### BEGIN SOLUTION
somme = 1 + 1
### END SOLUTION
```

```python test-somme tests=2
assert somme == 2
```

Un texte.

+++

Un autre.

```markdown avis manual=1.5
Bien.
```

```markdown choisir task=3
Choisissez.
```

```python
1 + 1
```
"""


def test_prose_and_fences_are_cells_in_reading_order() -> None:
    kinds = [(cell["cell_type"], cell["id"]) for cell in notebook(SHEET)["cells"]]
    assert kinds == [
        ("markdown", "cell-01"),
        ("code", "somme"),
        ("code", "test-somme"),
        ("markdown", "cell-04"),
        ("markdown", "cell-05"),
        ("markdown", "avis"),
        ("markdown", "choisir"),
        ("code", "cell-08"),
    ]


@pytest.mark.parametrize(
    ("grade_id", "flags", "points"),
    [
        ("somme", {"solution"}, None),
        ("test-somme", {"grade", "locked"}, 2),
        ("avis", {"grade", "solution"}, 1.5),
        ("choisir", {"locked", "task"}, 3),
    ],
)
def test_a_kind_is_nbgraders_flags(grade_id: str, flags: set[str], points: float | None) -> None:
    meta = next(cell["metadata"]["nbgrader"] for cell in notebook(SHEET)["cells"] if cell["id"] == grade_id)
    assert {flag for flag in ("grade", "solution", "locked", "task") if meta[flag]} == flags
    assert meta.get("points") == points
    assert meta["schema_version"] == 3


def test_plain_cells_carry_no_nbgrader_metadata() -> None:
    assert [cell["metadata"] for cell in notebook(SHEET)["cells"] if cell["id"].startswith("cell-")] == [{}] * 4


def test_a_fence_without_an_end_is_named() -> None:
    with pytest.raises(ValueError, match="python somme solution"):
        list(blocks("```python somme solution\nx = 1\n"))


def test_bytes_are_stable_and_keep_accents() -> None:
    assert to_bytes(notebook(SHEET)) == to_bytes(notebook(SHEET))
    assert "é".encode() in to_bytes(notebook("é"))


def test_an_answer_takes_the_comment_above_it() -> None:
    read = answers("Très\nbien.\n\n```python figure claire=3\nplot()\n```\n\n```python figure vide\n```\n")
    assert read["figure", "claire"].comment == "Très bien."
    assert read["figure", "claire"].points == 3
    assert (read["figure", "vide"].source, read["figure", "vide"].comment) == ("", "")
