"""Keeping what arrives: an archive measured, a full disk told apart from a fault."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from himalia_exchange.archive import ArchiveRefused, Limits, measure, unpack
from himalia_exchange.wire import FileEntry
from sqlalchemy.exc import OperationalError

from hub_services.exchange import rules
from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal

MEBIBYTE = 1024 * 1024
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def storing() -> Iterator[None]:
    """Turn a full disk and a busy database into refusals: what is inside was not kept, and is not acknowledged."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise _full() from error
        raise
    except OperationalError as error:
        if "full" in str(error.orig):
            raise _full() from error
        raise Refusal(
            503,
            N_("The platform is busy"),
            N_("Nothing was kept of this attempt. Your files are as they were; please try again in a moment."),
        ) from error


def measured(data: bytes, mebibytes: int) -> tuple[FileEntry, ...]:
    """The files of an archive and their sizes, each read to its end. Raises Refusal."""
    rules.check_size(len(data), mebibytes)
    try:
        sizes = measure(data, _limits(mebibytes))
    except ArchiveRefused as error:
        raise rules.explain_archive(error, mebibytes) from error
    return tuple(FileEntry(path=path, size=size) for path, size in sorted(sizes.items()))


def unpacked(data: bytes, mebibytes: int) -> dict[str, bytes]:
    """The files of an archive. Raises Refusal."""
    rules.check_size(len(data), mebibytes)
    try:
        return unpack(data, _limits(mebibytes))
    except ArchiveRefused as error:
        raise rules.explain_archive(error, mebibytes) from error


def _limits(mebibytes: int) -> Limits:
    return Limits(total_bytes=mebibytes * MEBIBYTE, file_bytes=mebibytes * MEBIBYTE)


def _full() -> Refusal:
    return Refusal(
        507,
        N_("The platform's disk is full"),
        N_("This was not kept: your files are as they were, in your workspace. Tell your teacher, then hand in again."),
    )
