"""`python -m tests.changelog`: a change that people may notice is written down; fails when CHANGELOG.md was not touched."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAIN = "origin/main"


def main() -> int:
    """0 when the work since the main branch touches the changelog, or when there is no such work to look at."""
    if "- " not in _unreleased():
        return _say("CHANGELOG.md says nothing under `## Unreleased`")
    base = _git("merge-base", "HEAD", MAIN)
    changed = _git("diff", "--name-only", base).splitlines() if base else []
    if changed and "CHANGELOG.md" not in changed:
        return _say(f"CHANGELOG.md has no line for this work ({len(changed)} files changed since {MAIN})")
    return 0


def _unreleased() -> str:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return text.partition("## Unreleased")[2].partition("\n## ")[0]


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _say(text: str) -> int:
    sys.stderr.write(f"{text}.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
