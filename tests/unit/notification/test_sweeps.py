"""The service's own clockwork is all there."""

from datetime import timedelta
from unittest.mock import MagicMock

import pytest

from services.notification import main
from services.notification.jobs import sweeps
from shared.clock import MovedClock
from shared.settings import ServiceSettings
from tests.unit.notification.channels.given import NOW


def test_messages_are_carried_and_old_ones_cleared() -> None:
    names = [sweep.name for sweep in sweeps(MagicMock(clock=MovedClock(NOW)), MagicMock(), timedelta(days=180))]
    assert names == ["notification-courier", "notification-clear-old"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_texts_are_in_the_language_of_the_settings(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "Service", lambda *_given, **parts: parts)
    seen = MagicMock()
    monkeypatch.setattr(main, "endpoints", seen)
    settings = ServiceSettings.model_validate({"database_url": "x", "nats_url": "x", "notice_language": language})
    parts: dict[str, MagicMock] = main.build(settings, MovedClock(NOW))  # pyright: ignore[reportAssignmentType]
    parts["endpoints"](None)
    assert seen.call_args.args[0].tongue == language
