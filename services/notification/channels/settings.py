"""What the channels are told from outside. What is left out is a channel this centre does not have."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ChannelSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MUSTER_", frozen=True, extra="ignore", hide_input_in_errors=True)

    webhook_secret: str | None = Field(default=None, min_length=16, description="signs what webhooks are told")
    sms_url: str | None = Field(
        default=None, description="gateway of short messages; {number} and {text} are filled in"
    )
    voice_url: str | None = Field(default=None, description="gateway of calls; {number} and {text} are filled in")
    phone_token: str | None = Field(default=None, description="bearer token of the phone gateway")
