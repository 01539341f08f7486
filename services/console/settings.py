"""What the console is told from outside, beside what every service is."""

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings


class ConsoleSettings(ServiceSettings):
    console_host: str = Field(default="127.0.0.1", description="the address the console listens on")
    console_port: int | None = Field(
        default=8080, ge=0, le=65535, description="0: any free one; without one there is no web page"
    )
    console_port_tries: int = Field(default=1, ge=1, le=100, description="how many ports to try from that one on")
    console_proxies: str = Field(
        default="127.0.0.1", description="proxies whose X-Forwarded-Proto and X-Forwarded-For are believed"
    )
    oidc_issuer: str | None = Field(default=None, description="an OpenID Connect provider; off where not given")
    oidc_client_id: str | None = Field(default=None, description="this console's name at the provider")
    oidc_client_secret: SecretStr | None = Field(default=None, description="and its secret there")
    oidc_claim: str = Field(default="preferred_username", description="the claim that names the staff account")
    oidc_name: str = Field(default="统一身份认证", description="what the sign-in page calls the provider")
