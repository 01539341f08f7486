"""Signing in by a provider of the centre's own choice (OpenID Connect, code flow with PKCE). Off unless configured."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.console.errors import SignInFailed
from services.console.settings import ConsoleSettings
from shared.errors import Unavailable

ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]
ANSWER_MAX_S = 10.0
UNDER_WAY_MAX_S = 600
SCOPE = "openid profile"


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What the browser keeps, signed, while it is away at the provider."""

    state: str
    nonce: str
    verifier: str
    to: str


class Provider:
    """One provider. `transport`: how it is reached; a test puts its own in."""

    def __init__(self, settings: ConsoleSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        assert settings.oidc_issuer
        assert settings.oidc_client_id
        assert settings.oidc_client_secret
        self.name = settings.oidc_name
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client_id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret.get_secret_value()
        self._claim = settings.oidc_claim
        self._back = settings.public_url.rstrip("/") + "/oidc/back"
        self._transport = transport
        self._known: Mapping[str, Any] | None = None
        self._signer = URLSafeTimedSerializer(self._secret, salt="muster-oidc")

    async def begin(self, to: str) -> tuple[str, str]:
        """The provider's address to go to, and what the browser keeps meanwhile."""
        known = await self._discovered()
        way = UnderWay(*(secrets.token_urlsafe(32) for _ in range(3)), to=to)
        challenge = urlsafe_b64encode(hashlib.sha256(way.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._back,
            "scope": SCOPE,
            "state": way.state,
            "nonce": way.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        kept = self._signer.dumps([way.state, way.nonce, way.verifier, way.to])
        return f"{known['authorization_endpoint']}?{urlencode(query)}", str(kept)

    async def end(self, *, code: str, state: str, kept: str, now: datetime) -> tuple[str, str, str]:
        """`(account, subject, where to)`. Raises SignInFailed where anything does not fit."""
        try:
            way = UnderWay(*self._signer.loads(kept, max_age=UNDER_WAY_MAX_S))
        except (BadData, TypeError) as fault:
            raise SignInFailed("it took too long, or began in another browser") from fault
        if not code or not secrets.compare_digest(way.state, state):
            raise SignInFailed("the answer belongs to another question")
        claims = await self._claims(code, way, now)
        account, subject = claims.get(self._claim), claims.get("sub")
        if not isinstance(account, str) or not isinstance(subject, str):
            raise SignInFailed("the provider does not say who it is")
        return account, subject, way.to

    async def _claims(self, code: str, way: UnderWay, now: datetime) -> Mapping[str, Any]:
        known = await self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": way.verifier,
        }
        async with self._client() as client:
            told = await client.post(known["token_endpoint"], data=form, auth=(self._client_id, self._secret))
            keys = await client.get(known["jwks_uri"])
        if not (told.is_success and keys.is_success):
            raise SignInFailed("the provider does not stand by its answer")
        wanted = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=60,
            iss={"essential": True, "value": known["issuer"]},
            aud={"essential": True, "value": self._client_id},
            nonce={"essential": True, "value": way.nonce},
            exp={"essential": True},
        )
        try:
            token = jwt.decode(told.json()["id_token"], KeySet.import_key_set(keys.json()), algorithms=ALGORITHMS)
            wanted.validate(token.claims)
        except (JoseError, KeyError, ValueError) as fault:
            raise SignInFailed("the provider's word does not hold") from fault
        claims: Mapping[str, Any] = token.claims
        return claims

    async def _discovered(self) -> Mapping[str, Any]:
        if self._known is None:
            async with self._client() as client:
                try:
                    answer = await client.get(f"{self._issuer}/.well-known/openid-configuration")
                    answer.raise_for_status()
                except httpx.HTTPError as away:
                    raise Unavailable("the identity provider does not answer", retry_after_s=5) from away
                known: Mapping[str, Any] = answer.json()
            if str(known.get("issuer", "")).rstrip("/") != self._issuer:
                raise Unavailable("the identity provider calls itself by another name than configured")
            self._known = known
        return self._known

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=ANSWER_MAX_S, transport=self._transport)


def provider_from(settings: ConsoleSettings, transport: httpx.AsyncBaseTransport | None = None) -> Provider | None:
    if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret):
        return None
    return Provider(settings, transport)
