"""What a service is told from outside, all of it by environment or by whoever starts it."""

from pathlib import Path

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
    database_pool_max: int = Field(default=10, ge=1, le=100, description="connections one service may hold")
