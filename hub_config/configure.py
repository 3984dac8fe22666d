"""Everything that stock JupyterHub is told: one function for each subject, in reading order."""

import os
from pathlib import Path
from typing import Any

from hub_config import services, sign_in
from hub_config.settings.model import Settings
from hub_config.spawners.local import LocalSpawner

PAGES = Path(__file__).with_name("pages")


class Everything:
    """A list that holds all there is."""

    def __contains__(self, item: object) -> bool:
        return True


def configure(c: Any, settings: Settings) -> None:
    """Configure the hub of one machine. A secret that is missing raises OSError, with its path."""
    secrets = settings.state / "secrets"
    _addresses(c, settings)
    _proxy(c, settings, services.read(secrets, "proxy_token"))
    _storage(c, settings)
    _browsers(c, settings)
    os.environ.setdefault("JUPYTERHUB_CRYPT_KEY", services.read(secrets, "hub_crypt_key"))
    sign_in.configure(c, settings, services.read(secrets, "oauth_client_secret"))
    services.configure(c, secrets)
    _servers(c)
    _local_spawner(c, settings, services.read(secrets, "launch_token"))
    _pages(c, settings)


def _addresses(c: Any, settings: Settings) -> None:
    addresses = settings.addresses
    c.JupyterHub.bind_url = f"http://127.0.0.1:{addresses.port}"
    c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{addresses.hub_port}"
    # Each person's servers are an origin of their own.
    c.JupyterHub.subdomain_host = addresses.public_url
    # The hub has /hub/ of the main host and nothing else: what is left over is the web application's.
    c.JupyterHub.hub_routespec = f"{addresses.host}/hub/"
    c.Proxy.extra_routes = {f"{addresses.host}/": f"http://127.0.0.1:{addresses.web_port}"}


def _proxy(c: Any, settings: Settings, token: str) -> None:
    """The proxy is a process of its own; neither it nor people's servers end with the hub."""
    c.ConfigurableHTTPProxy.should_start = False
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.addresses.proxy_api_port}"
    c.ConfigurableHTTPProxy.auth_token = token
    c.JupyterHub.cleanup_servers = False
    c.JupyterHub.cleanup_proxy = False


def _storage(c: Any, settings: Settings) -> None:
    c.JupyterHub.db_url = f"sqlite:///{settings.state / 'hub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(settings.state / "secrets" / "cookie_secret")


def _browsers(c: Any, settings: Settings) -> None:
    c.JupyterHub.tornado_settings = {
        # A start answers at once; the progress stream tells the rest.
        "slow_spawn_timeout": 0,
        # Every client of the hub's OAuth is a server that it started itself: a consent page would ask nothing.
        "oauth_no_confirm_list": Everything(),
        # These count only here.
        "cookie_options": {"samesite": "Lax"},
        "xsrf_cookie_kwargs": {"samesite": "Lax"},
    }
    # A `__Host-` cookie cannot be planted from a person's own host; browsers take it over TLS only.
    c.JupyterHub.cookie_host_prefix_enabled = settings.addresses.secure


def _servers(c: Any) -> None:
    c.JupyterHub.allow_named_servers = True
    c.JupyterHub.redirect_to_server = False
    c.JupyterHub.spawner_class = LocalSpawner
    c.Spawner.default_url = "/lab"
    c.Spawner.start_timeout = 120
    c.Spawner.http_timeout = 120
    # The spawner sees a server's end in microseconds, so it may look often.
    c.Spawner.poll_interval = 10


def _local_spawner(c: Any, settings: Settings, launch_token: str) -> None:
    addresses, isolation = settings.addresses, settings.isolation
    spawner = c.LocalSpawner
    spawner.state_folder = str(settings.state)
    spawner.internal_url = f"http://127.0.0.1:{addresses.internal_port}"
    spawner.launch_token = launch_token
    spawner.language = settings.site.language
    spawner.isolation = isolation.mode
    spawner.first_uid = isolation.first_uid
    spawner.hub_port = addresses.hub_port
    spawner.web_port = addresses.web_port


def _pages(c: Any, settings: Settings) -> None:
    """The hub's own pages are rarely seen; they lead back to the web application."""
    c.JupyterHub.default_url = f"{settings.addresses.public_url}/"
    c.JupyterHub.template_paths = [str(PAGES / "templates")]
    c.JupyterHub.template_vars = {"site_name": settings.site.name, "site_url": f"{settings.addresses.public_url}/"}
