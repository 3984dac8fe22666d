"""The plugin's configuration: in a workspace, and nowhere else."""

from himalia_exchange import plugin
from nbgrader.exchange import ExchangeFactory, default
from traitlets.config import Config


def test_in_a_workspace_every_action_is_the_platforms() -> None:
    config = Config()
    plugin.configure(config, {"HIMALIA_URL": "http://web", "HIMALIA_COURSE": "intro"})
    factory = ExchangeFactory(config=config)
    chosen = {name: getattr(factory, name).__name__ for name in factory.trait_names(config=True)}
    assert set(chosen.values()) == {name for name in plugin.__all__ if name.startswith("Himalia")}
    assert config.CourseDirectory.course_id == "intro"


def test_elsewhere_nbgrader_stays_as_it_is() -> None:
    config = Config()
    plugin.configure(config, {})
    assert ExchangeFactory(config=config).submit is default.ExchangeSubmit
