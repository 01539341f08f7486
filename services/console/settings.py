"""What the console is told from outside, beside what every service is."""

from pydantic import Field

from shared.settings import ServiceSettings


class ConsoleSettings(ServiceSettings):
    console_host: str = Field(default="127.0.0.1", description="the address the console listens on")
    console_port: int | None = Field(
        default=8080, ge=0, le=65535, description="0: any free one; without one there is no web page"
    )
    console_proxies: str = Field(
        default="127.0.0.1", description="proxies whose X-Forwarded-Proto and X-Forwarded-For are believed"
    )
