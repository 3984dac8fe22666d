"""The model that a new assignment starts from: one question with a solution and tests, one that a person marks."""

import json
from pathlib import Path

_MODELS = Path(__file__).parent / "model"


def model_files(title: str, language: str) -> dict[str, bytes]:
    """The source of a new assignment: one notebook, in the course's language."""
    path = _MODELS / f"{language}.ipynb"
    notebook = json.loads((path if path.exists() else _MODELS / "en.ipynb").read_text(encoding="utf-8"))
    first = notebook["cells"][0]
    first["source"] = "".join(first["source"]).replace("{title}", title)
    return {"notebook.ipynb": json.dumps(notebook, ensure_ascii=False, indent=1).encode()}
