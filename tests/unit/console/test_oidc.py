"""Signing in by a provider: only what it signed, for us, just now, in answer to what this browser asked."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from services.console.errors import SignInFailed
from services.console.settings import ConsoleSettings
from services.console.web.oidc import Provider, provider_from
from shared.errors import Unavailable

NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)
ISSUER = "https://identity.example"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


class FakeIdentity(httpx.AsyncBaseTransport):
    """`claims` is what it says of whoever came; `key` what it signs with."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.key: Any = KEY
        self.algorithm = "RS256"
        self.asked: dict[str, list[str]] = {}
        self.issuer = ISSUER

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "/go", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return httpx.Response(200, json={"issuer": self.issuer, **{k: ISSUER + v for k, v in places.items()}})
        if request.url.path == "/keys":
            return httpx.Response(200, json=KeySet([KEY]).as_dict(private=False))
        self.asked = parse_qs((await request.aread()).decode())
        if self.asked["code"] != ["good"]:
            return httpx.Response(400)
        token = jwt.encode({"alg": self.algorithm, "kid": "one"}, self.claims, self.key, algorithms=["RS256", "HS256"])
        return httpx.Response(200, content=json.dumps({"id_token": token}))


@pytest.fixture
def identity() -> FakeIdentity:
    return FakeIdentity()


@pytest.fixture
def provider(identity: FakeIdentity) -> Provider:
    settings = ConsoleSettings.model_validate(
        {
            "database_url": "x",
            "nats_url": "x",
            "public_url": "https://console.example",
            "oidc_issuer": ISSUER,
            "oidc_client_id": "muster",
            "oidc_client_secret": "secret",
        }
    )
    made = provider_from(settings, identity)
    assert made is not None
    return made


async def came_back(
    provider: Provider, identity: FakeIdentity, *, code: str = "good", state: str | None = None, **claims: Any
) -> tuple[str, str, str]:
    address, kept = await provider.begin("/board")
    asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    assert asked["redirect_uri"] == "https://console.example/oidc/back"
    own = {"iss": ISSUER, "aud": "muster", "nonce": asked["nonce"], "exp": int(NOW.timestamp()) + 300}
    identity.claims = {**own, "sub": "s-1", "preferred_username": "police.liaison", **claims}
    return await provider.end(code=code, state=state or asked["state"], kept=kept, now=NOW)


async def test_who_it_says_and_where_they_wanted_to_go(provider: Provider, identity: FakeIdentity) -> None:
    assert await came_back(provider, identity) == ("police.liaison", "s-1", "/board")
    assert len(identity.asked["code_verifier"][0]) > 40


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "somebody-else"},
        {"nonce": "of another question"},
        {"exp": int(NOW.timestamp()) - 3600},
        {"preferred_username": None},
        {"sub": 5},
    ],
    ids=str,
)
async def test_what_does_not_fit_is_refused(provider: Provider, identity: FakeIdentity, wrong: dict[str, Any]) -> None:
    with pytest.raises(SignInFailed):
        await came_back(provider, identity, **wrong)


async def test_a_foreign_signature_or_another_kind_of_one_is_refused(
    provider: Provider, identity: FakeIdentity
) -> None:
    identity.key = OTHER_KEY
    with pytest.raises(SignInFailed):
        await came_back(provider, identity)
    identity.key, identity.algorithm = OctKey.import_key("x" * 32), "HS256"
    with pytest.raises(SignInFailed):
        await came_back(provider, identity)


async def test_another_state_another_browser_and_a_code_the_provider_does_not_know(
    provider: Provider, identity: FakeIdentity
) -> None:
    with pytest.raises(SignInFailed):
        await came_back(provider, identity, state="forged")
    with pytest.raises(SignInFailed):
        await came_back(provider, identity, code="bad")
    with pytest.raises(SignInFailed):
        await provider.end(code="good", state="x", kept="forged", now=NOW)


async def test_a_provider_that_calls_itself_otherwise_is_not_used(provider: Provider, identity: FakeIdentity) -> None:
    identity.issuer = "https://elsewhere.example"
    with pytest.raises(Unavailable):
        await provider.begin("/")


def test_it_is_off_unless_configured() -> None:
    assert provider_from(ConsoleSettings(database_url="x", nats_url="x")) is None
