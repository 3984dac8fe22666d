"""What a form brings: refused by its announced size before a byte is read, then files by name, or one zip of them."""

from collections.abc import Mapping, Sequence

from himalia_exchange.archive import ArchiveRefused, unpack
from starlette.datastructures import UploadFile
from starlette.requests import Request

from hub_config.settings.model import Settings
from hub_services.courses import intake
from hub_services.courses.materials import archive_limits, limits_of
from hub_services.courses.sentences import Sentence
from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal

_FORM_BYTES = 1024 * 1024  # what a form weighs beside its files


class UploadRefused(Exception):
    """The files are not taken; the sentences say why."""

    def __init__(self, *sentences: Sentence) -> None:
        super().__init__(" ".join(sentence.text for sentence in sentences))
        self.sentences = sentences


def check_announced(request: Request, settings: Settings) -> None:
    """Refuse a form that announces more than a course may hold. Raises Refusal (413, 411)."""
    limit = settings.courses.materials_mebibytes
    announced = request.headers.get("content-length", "")
    if not announced.isdigit():
        raise Refusal(411, N_("This form has no size"), N_("Send it from the page, with an ordinary browser."))
    if int(announced) > limit * intake.MEBIBYTE + _FORM_BYTES:
        detail = N_("Together they have %(size)s MB; a course may have %(limit)s. Leave large data out: a notebook can fetch it.")
        values = {"size": int(announced) // intake.MEBIBYTE, "limit": limit}
        raise Refusal(413, N_("These files are too large"), detail, values)


def files_of(uploads: Sequence[UploadFile], settings: Settings) -> Mapping[str, bytes]:
    """The files by name; a single zip is opened; empty when none was chosen. Raises UploadRefused."""
    chosen = [upload for upload in uploads if upload.filename]
    limit = limits_of(settings).file
    large = [upload for upload in chosen if (upload.size or 0) > limit]
    if large:
        raise UploadRefused(*(intake.too_large(str(u.filename), u.size or 0, limit) for u in large))
    if len(chosen) == 1 and str(chosen[0].filename).lower().endswith(".zip"):
        return _opened(chosen[0].file.read(), settings)
    return {_name(upload): upload.file.read() for upload in chosen}


def _name(upload: UploadFile) -> str:
    """The file's name, with its folder where the browser says one; what climbs out is refused when it is packed."""
    return str(upload.filename).replace("\\", "/").removeprefix("./")


def _opened(content: bytes, settings: Settings) -> Mapping[str, bytes]:
    try:
        files = unpack(content, archive_limits(settings))
    except ArchiveRefused as error:
        raise UploadRefused(intake.refused(error)) from error
    return intake.without_outer_folder({name: data for name, data in files.items() if not name.startswith("__MACOSX/")})
