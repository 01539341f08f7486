"""A setting that is wrong is told by its name and its rule, never by its value."""

from typing import Any

import pytest

from deploy.embedded.errors import ServerUnusable
from deploy.stack import build
from shared.clock import WallClock

TOLD: dict[str, Any] = {"database_url": "postgresql://localhost/none", "nats_url": "nats://localhost", "centre": "qz"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [("MUSTER_WEBHOOK_SECRET", "too short"), ("MUSTER_RETENTION_DAYS", "many"), ("MUSTER_NOTICE_LANGUAGE", "fr")],
)
def test_it_names_the_variable(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ServerUnusable) as wrong:
        build("notification", TOLD, WallClock())
    assert f"{variable}: " in str(wrong.value)
    assert value not in str(wrong.value)
