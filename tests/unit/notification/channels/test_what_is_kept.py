"""What a gateway, a robot or a plug-in says is somebody else's text: it is made fit to be kept, whatever it holds."""

import pytest

from services.notification.channels.base import ChannelRefused, ChannelUnavailable, HandedOver
from services.notification.channels.http_gateway import remote_id
from services.notification.channels.robots import answer_code
from services.notification.channels.web import WebAnswer

DEEP = b"[" * 16_000


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("4711\0", "4711"),
        ("47\ud80011", "47 11"),
        (" a\nb ", "a b"),
        ("x" * 500, "x" * 200),
        ("\0", None),
        (4711, "4711"),
    ],
)
def test_an_id_that_no_database_would_take_is_made_fit(said: object, kept: str | None) -> None:
    assert HandedOver(remote_id=said).remote_id == kept  # pyright: ignore[reportArgumentType] - a plug-in's own mistake


def test_so_are_the_words_of_a_failure() -> None:
    assert ChannelRefused("no\0such \ud800box").why == "no such box"
    assert ChannelUnavailable("not\0now", 2.0).why == "not now"


def test_an_answer_nested_too_deep_says_nothing() -> None:
    assert remote_id(DEEP) is None
    assert answer_code(WebAnswer(200, DEEP, None)) is None
