"""Put what was fetched into the course's folder: a new folder whole or not at all, in an old one only what is missing."""

import shutil
import tempfile
from pathlib import Path


def bring(folder: Path, archive: bytes, *, replace: bool = False) -> None:
    """Lay a fetched archive out; without `replace` no file that is there is touched. Raises ArchiveRefused."""
    from himalia_exchange.archive import lay_out, unpack

    files = unpack(archive)
    if folder.exists():
        lay_out(files, folder, replace=replace)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        staging.chmod(0o755)
        lay_out(files, staging)
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
