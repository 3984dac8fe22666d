"""Files dropped on a form, as a source: some files, or one zip of them."""

from collections.abc import AsyncIterator, Sequence
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import Depends, Request
from himalia_exchange.archive import ArchiveRefused, unpack
from starlette.datastructures import UploadFile

from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal

_MEBIBYTE = 1024 * 1024


async def _chosen(request: Request) -> AsyncIterator[list[UploadFile]]:
    """A browser sends a file without a name where none was chosen, which FastAPI's own parameter refuses."""
    async with request.form() as form:
        yield [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]


ChosenFiles = Annotated[list[UploadFile], Depends(_chosen)]


def uploaded(files: Sequence[UploadFile], mebibytes: int) -> dict[str, bytes]:
    """The files by their name; a single zip is opened. Raises Refusal."""
    if sum(file.size or 0 for file in files) > mebibytes * _MEBIBYTE:
        detail = N_("At most %(limit)s MB are taken at a time. Leave large data out: a notebook can make it, or ask for a place.")
        raise Refusal(413, N_("These files are too large"), detail, {"limit": mebibytes})
    if len(files) == 1 and str(files[0].filename).lower().endswith(".zip"):
        return _opened(files[0].file.read())
    return {PurePosixPath(str(file.filename).replace("\\", "/")).name: file.file.read() for file in files}


def _opened(content: bytes) -> dict[str, bytes]:
    try:
        return _without_outer_folder(unpack(content))
    except ArchiveRefused as error:
        detail = N_("It is damaged, or holds a link, a name that climbs out, or too much (%(name)s). Nothing was kept.")
        raise Refusal(422, N_("This zip cannot be taken"), detail, {"name": error.name or error.reason}) from error


def _without_outer_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """What people zip is most often one folder: its name is left out."""
    visible = {name: content for name, content in files.items() if not name.startswith("__MACOSX/")}
    outer = {name.split("/")[0] for name in visible}
    if len(outer) == 1 and all("/" in name for name in visible):
        return {name.split("/", 1)[1]: content for name, content in visible.items()}
    return visible
