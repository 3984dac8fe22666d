"""What stock JupyterHub is told."""

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
from jupyterhub.scopes import scope_definitions
from traitlets.config import Config

from hub_config import services, start_time
from hub_config.configure import Everything, configure
from hub_config.settings.model import AddressSettings, Settings

NAMES = (*(one.secret for one in services.SERVICES), "launch_token", "proxy_token", "oauth_client_secret", "hub_crypt_key")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "secrets").mkdir()
    for name in NAMES:
        (tmp_path / "secrets" / name).write_text(f"secret of {name}\n")
    return Settings(state=tmp_path, addresses=AddressSettings(public_url="http://localhost:8500"))


@pytest.fixture
def c(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("JUPYTERHUB_CRYPT_KEY", "given")
    config = Config()
    configure(config, settings)
    return config


def test_each_person_has_an_origin_and_the_hub_a_corner_of_the_main_one(c: Any) -> None:
    assert c.JupyterHub.subdomain_host == "http://localhost:8500"
    assert c.JupyterHub.hub_routespec == "localhost/hub/"
    assert c.Proxy.extra_routes == {"localhost/": "http://127.0.0.1:8002"}
    assert c.JupyterHub.hub_bind_url == "http://127.0.0.1:8081"


def test_servers_and_proxy_outlive_the_hub(c: Any) -> None:
    assert c.ConfigurableHTTPProxy.should_start is False
    assert c.JupyterHub.cleanup_servers is False
    assert c.JupyterHub.cleanup_proxy is False


def test_people_sign_in_at_the_web_application(c: Any) -> None:
    oauth = c.GenericOAuthenticator
    assert oauth.authorize_url == "http://localhost:8500/oauth/authorize"
    assert oauth.token_url == "http://127.0.0.1:8003/oauth/token"
    assert oauth.userdata_url == "http://127.0.0.1:8003/oauth/userinfo"
    assert oauth.oauth_callback_url == "http://localhost:8500/hub/oauth_callback"
    assert (oauth.username_claim, oauth.scope, oauth.client_secret) == ("sub", ["openid"], "secret of oauth_client_secret")


def test_cookies_are_lax_and_no_server_asks_for_consent(c: Any) -> None:
    told = c.JupyterHub.tornado_settings
    assert told["cookie_options"] == told["xsrf_cookie_kwargs"] == {"samesite": "Lax"}
    assert told["slow_spawn_timeout"] == 0
    assert isinstance(told["oauth_no_confirm_list"], Everything)
    assert "jupyterhub-user-anyone" in told["oauth_no_confirm_list"]


def test_over_tls_cookies_are_bound_to_their_host(settings: Settings) -> None:
    for url, bound in (("http://localhost:8000", False), ("https://himalia.example.org", True)):
        config = Config()
        configure(config, settings.model_copy(update={"addresses": AddressSettings(public_url=url)}))
        assert config.JupyterHub.cookie_host_prefix_enabled is bound


def test_every_scope_of_a_service_exists_and_has_a_reason() -> None:
    for service in services.SERVICES:
        for scope, reason in service.scopes.items():
            assert scope in scope_definitions
            assert len(reason.split()) > 3


def test_no_service_may_enter_peoples_servers_or_act_as_them() -> None:
    held = {scope for service in services.SERVICES for scope in service.scopes}
    assert not {scope for scope in held if scope.startswith(("access:", "shares", "admin:servers", "admin:groups"))}


def test_services_and_roles_come_from_one_table(c: Any) -> None:
    assert [one["name"] for one in c.JupyterHub.services] == ["web", "metrics"]
    assert c.JupyterHub.services[0]["api_token"] == "secret of hub_token_web"
    roles = {role["name"]: role for role in c.JupyterHub.load_roles}
    assert roles["metrics"] == {"name": "metrics", "services": ["metrics"], "scopes": ["read:metrics"]}


def test_a_missing_secret_is_named(settings: Settings) -> None:
    (settings.state / "secrets" / "launch_token").unlink()
    with pytest.raises(OSError, match="launch_token"):
        configure(Config(), settings)


def test_the_patches_import_only_the_standard_library_until_they_are_applied() -> None:
    tree = ast.parse(inspect.getsource(start_time))
    top = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    top |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert top <= {"sys", "collections.abc", "importlib", "types", "typing"}


def test_a_patch_is_left_out_for_a_version_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "9.0.0")

    def left_out() -> None:
        pytest.fail("it was applied")

    monkeypatch.setattr(start_time, "_SERVER", (("jupyterlab", "4.", left_out),))
    start_time.remedy_server()
    assert "is left out" in capsys.readouterr().err
