"""A machine that cannot make a sandbox builds nothing and says so; a full disk and a stop are told apart."""

from collections.abc import Callable
from pathlib import Path

import pytest
from himalia_sandbox import SandboxError

from hub_config.settings.model import Settings
from hub_services.courses.builders import BuildCancelled, BuildRefused, BuildRequest, local
from hub_services.courses.builders.local import LocalBuilder
from hub_services.courses.contained import Stopped
from hub_services.courses.sentences import Sentence
from hub_services.web.i18n import translator

REQUEST = BuildRequest(("six",), ("six",))


class Quiet:
    def say(self, sentence: Sentence) -> None:
        """Nobody listens."""

    def phase(self, number: int) -> None:
        """Nobody looks."""

    def cancelled(self) -> bool:
        return False


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], LocalBuilder]:
    """A builder whose tools all end in that way."""

    def make(error: Exception) -> LocalBuilder:
        def run(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(local, "run", run)
        return LocalBuilder(Settings(state=tmp_path))

    return make


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (SandboxError("bubblewrap is missing"), "cannot build safely at the moment (bubblewrap is missing)"),
        (Stopped("time"), "took longer than 600 seconds"),
        (Stopped("disk"), "The disk is nearly full"),
    ],
)
def test_each_end_has_its_sentence(failing: Callable[[Exception], LocalBuilder], error: Exception, says: str) -> None:
    with pytest.raises(BuildRefused) as refused:
        failing(error).build(REQUEST, Quiet())
    assert says in refused.value.sentences[0].show(translator("en"))
    assert says not in refused.value.sentences[0].show(translator("fr"))


def test_a_stop_is_no_failure(failing: Callable[[Exception], LocalBuilder]) -> None:
    with pytest.raises(BuildCancelled):
        failing(Stopped("cancelled")).build(REQUEST, Quiet())


def test_the_index_is_the_site_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    settings = Settings(state=tmp_path).environments
    assert [(door.host, door.port) for door in local.doors(settings)] == [("pypi.org", 443), ("files.pythonhosted.org", 443)]
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://mirror.example:8080/simple")
    assert local.doors(settings)[0].port == 8080
    own = settings.model_copy(update={"index_url": "https://own.example/simple", "files_hosts": ()})
    assert [(door.host, door.port) for door in local.doors(own)] == [("own.example", 443)]
