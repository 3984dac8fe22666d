"""OpenID Connect through Authlib: discovery, PKCE (S256), nonce, signature and claims checked (OIDC Core 1.0 §3.1)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from httpx2 import HTTPError
from starlette.requests import Request
from starlette.responses import Response

from hub_config.settings.model import OidcProviderSettings
from hub_services.people.models import Identity
from hub_services.people.sign_in import Account
from hub_services.web.i18n import N_
from hub_services.web.refusals import Refusal

_TIMEOUT_SECONDS = 10


class OidcProviders:
    """The site's OpenID Connect providers, by name."""

    def __init__(self, providers: Iterable[OidcProviderSettings], public_url: str) -> None:
        self._public_url = public_url
        self.settings = {provider.name: provider for provider in providers}
        self._oauth = OAuth()
        for provider in self.settings.values():
            self._register(provider)

    def _register(self, provider: OidcProviderSettings) -> None:
        self._oauth.register(
            provider.name,
            client_id=provider.client_id,
            client_secret=provider.client_secret_file.read_text().strip(),
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile email",
                "code_challenge_method": "S256",
                "timeout": _TIMEOUT_SECONDS,
                "trust_env": False,
            },
        )

    def _client(self, name: str) -> Any:
        if name not in self.settings:
            raise Refusal(404, N_("This page does not exist"), N_("No such way to sign in is set up on this site."))
        return self._oauth.create_client(name)

    async def redirect(self, request: Request, name: str) -> Response:
        """Send the browser to the provider `name`. Raises Refusal."""
        client = self._client(name)
        try:
            response: Response = await client.authorize_redirect(request, self._callback(name))
        except HTTPError as error:
            raise _unreachable() from error
        return response

    async def account(self, request: Request, name: str) -> tuple[Account, str]:
        """The account that came back from the provider, and the ID token for signing out. Raises Refusal."""
        try:
            token = await self._client(name).authorize_access_token(request)
        except HTTPError as error:
            raise _unreachable() from error
        except (OAuthError, ValueError) as error:
            raise Refusal(
                403,
                N_("The sign-in did not come to its end"),
                N_("It took too long, was stopped, or was opened twice. Please sign in again."),
            ) from error
        return self._understand(name, token["userinfo"]), token.get("id_token", "")

    async def end_session_url(self, name: str, id_token: str, back: str) -> str:
        """Where the browser signs out of the provider itself (OIDC RP-Initiated Logout 1.0 §2), or `back`."""
        if name not in self.settings:
            return back
        try:
            metadata = await self._client(name).load_server_metadata()
        except HTTPError:
            return back
        endpoint = metadata.get("end_session_endpoint")
        query = {"post_logout_redirect_uri": back, "client_id": self.settings[name].client_id}
        if id_token:
            query["id_token_hint"] = id_token
        return f"{endpoint}?{urlencode(query)}" if endpoint else back

    def _callback(self, name: str) -> str:
        return f"{self._public_url}/sign-in/{name}/callback"

    def _understand(self, name: str, claims: Any) -> Account:
        subject = str(claims["sub"])
        email = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
        shown = str(claims.get("name") or claims.get("preferred_username") or subject)[:200]
        is_administrator = subject in self.settings[name].administrators
        return Account(Identity(str(claims["iss"]), subject), shown, email[:254], is_administrator)


def _unreachable() -> Refusal:
    return Refusal(
        503,
        N_("The sign-in service does not answer"),
        N_(
            "Your institution's sign-in cannot be reached just now. Workspaces that are open go on. Please try again in a minute."
        ),
    )
