"""Whether the committed JavaScript was built from the sources beside it: `built.py check`, `built.py record`."""

import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
RECORD = HERE / "himalia_lab" / "labextension" / "built-from.sha256"
_FILES = ("package.json", "package-lock.json", "tsconfig.json")
_FOLDERS = ("src", "style")


def fingerprint(here: Path = HERE) -> str:
    """One digest of every file that the build reads."""
    inputs = [here / name for name in _FILES]
    inputs += [path for folder in _FOLDERS for path in (here / folder).rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(inputs):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(here).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def fresh() -> bool:
    """Whether the build's record names the present sources."""
    return RECORD.exists() and RECORD.read_text().strip() == fingerprint()


def main() -> int:
    """`record` is the last step of `npm run build`; `check` answers with the exit code."""
    if sys.argv[1:] == ["record"]:
        RECORD.write_text(f"{fingerprint()}\n")
        return 0
    if not fresh():
        sys.stderr.write(
            "himalia_lab's JavaScript is older than its sources: run `npm ci && npm run build` in extensions/himalia_lab.\n"
        )
    return 0 if fresh() else 1


if __name__ == "__main__":
    sys.exit(main())
