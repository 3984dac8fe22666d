"""The hub's sign-in: stock GenericOAuthenticator against the web application; the hub knows people by opaque ids only."""

from typing import Any

from hub_config.settings.model import Settings

CLIENT = "jupyterhub"
REFRESH_SECONDS = 30  # how soon the hub notices that a person has signed out


def configure(c: Any, settings: Settings, client_secret: str) -> None:
    public = settings.addresses.public_url
    internal = f"http://127.0.0.1:{settings.addresses.internal_port}"
    c.JupyterHub.authenticator_class = "generic-oauth"
    oauth = c.GenericOAuthenticator
    oauth.client_id = CLIENT
    oauth.client_secret = client_secret
    oauth.authorize_url = f"{public}/oauth/authorize"
    oauth.token_url = f"{internal}/oauth/token"
    oauth.userdata_url = f"{internal}/oauth/userinfo"
    oauth.oauth_callback_url = f"{public}/hub/oauth_callback"
    oauth.logout_redirect_url = f"{public}/sign-in/ended"  # where the provider’s own session is ended
    oauth.username_claim = "sub"
    oauth.scope = ["openid"]
    c.Authenticator.auto_login = True
    # Who may sign in, and to what, is the web application's to say, at each start.
    c.Authenticator.allow_all = True
    c.Authenticator.enable_auth_state = True
    c.Authenticator.auth_refresh_age = REFRESH_SECONDS
