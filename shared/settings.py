"""What a service is told from outside, all of it by environment or by whoever starts it."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Where the servers are and which centre is served."""

    model_config = SettingsConfigDict(env_prefix="MUSTER_", frozen=True, extra="ignore")

    database_url: str = Field(description="postgresql://user:password@host:port/database")
    nats_url: str = Field(description="nats://user:password@host:port")
    centre: str = Field(default="qz", pattern=r"^[a-z0-9]+$", description="the centre's token in every subject")
    vault_key_file: Path | None = Field(default=None, description="requester vault keys; MUSTER_VAULT_KEYS beats it")
    retention_days: int = Field(default=180, ge=1, description="days from closure until a requester's data is erased")
    link_key_file: Path | None = Field(default=None, description="answer-link secrets; MUSTER_LINK_SECRETS beats it")
    public_url: str = Field(default="http://127.0.0.1:8080", description="where phones open an answer link")
    smtp_url: str | None = Field(default=None, description="smtp://user:password@host:587, smtps:// for TLS at once")
    notice_language: Literal["zh", "en"] = Field(default="zh", description="the language of what posts are told")
    mail_from: str = Field(default="muster@localhost", description="the sender of e-mail notices")
    database_pool_max: int = Field(default=10, ge=1, le=100, description="connections one service may hold")
