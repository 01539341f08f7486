"""What docs/notifications.md claims, holds."""

import re
from pathlib import Path

import pytest

from services.notification.channels import ChannelSettings, channels_from
from services.notification.channels.addresses import check_address, per_minute_of
from services.notification.channels.chat import PER_MINUTE, PER_MINUTE_OTHERS
from services.notification.channels.plugins import GROUP
from services.notification.channels.wording import SMS_UNITS_MAX
from services.notification.operations.send_parcel import LINK_OUTLIVES
from services.notification.policy.timing import BUNDLE_WAIT, HOUR, MINUTE, ORDINARY, SAME_WITHIN, SECOND, URGENT
from shared.clock import MovedClock
from shared.contracts.notification import MessageState
from shared.settings import ServiceSettings
from tests.unit.notification.channels.given import NOW

PAGE = (Path(__file__).parents[3] / "docs" / "notifications.md").read_text(encoding="utf-8")
CHANNELS = channels_from(
    ServiceSettings(database_url="x", nats_url="x", smtp_url="smtp://mail.example"),
    MovedClock(NOW),
    own=ChannelSettings(sms_url="http://x", voice_url="http://x"),
)


def test_every_channel_is_there_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z]+)` \|", PAGE.split("### Addresses")[0], re.MULTILINE)
    assert set(rows) == set(CHANNELS)


def test_every_setting_it_names_is_one() -> None:
    known = {f"MUSTER_{name.upper()}" for one in (ServiceSettings, ChannelSettings) for name in one.model_fields}
    named = set(re.findall(r"MUSTER_[A-Z_]+", PAGE))
    assert named <= known
    assert {f"MUSTER_{name.upper()}" for name in ChannelSettings.model_fields} <= named


@pytest.mark.parametrize("address", ["wecombot://KEY", "dingtalk://TOKEN", "dingtalk://SECRET@TOKEN", "feishu://TOKEN"])
def test_every_address_it_gives_is_taken(address: str) -> None:
    assert f"`{address}`" in PAGE
    check_address(CHANNELS, "apprise", address)


def test_rates() -> None:
    assert set(PER_MINUTE.values()) | {PER_MINUTE_OTHERS} == {20, 60, 100}
    for words in ("wecombot://KEY", "dingtalk://TOKEN", "feishu://TOKEN", "lark://TOKEN", "ntfys://TOPIC"):
        row = next(line for line in PAGE.splitlines() if line.startswith("|") and f"`{words}`" in line)
        assert row.endswith(f"| {per_minute_of(CHANNELS['apprise'], words)} |")
    assert (CHANNELS["sms"].per_minute, CHANNELS["voice"].per_minute) == (10, 2)
    assert f"{SMS_UNITS_MAX} characters" in PAGE


def test_times() -> None:
    assert (URGENT.deadline, ORDINARY.deadline) == (MINUTE, 5 * MINUTE)
    assert (URGENT.give_up, ORDINARY.give_up) == (20 * MINUTE, 2 * HOUR)
    assert (URGENT.longest_wait, ORDINARY.longest_wait) == (15 * SECOND, 5 * MINUTE)
    assert (SAME_WITHIN, BUNDLE_WAIT, LINK_OUTLIVES) == (60 * SECOND, 10 * SECOND, HOUR)
    page = " ".join(PAGE.split())
    for words in (
        "a summons after 1 minute, anything else after 5 minutes",
        "until 20 minutes (a summons) or 2 hours",
        "up to 15 seconds for a summons and 5 minutes otherwise",
        "twice within 60 seconds",
        "wait 10 seconds for company",
        "expires 1 hour after",
    ):
        assert words in page, words


def test_every_state_is_told_and_the_group_is_the_one() -> None:
    assert all(f"`{state.value}`" in PAGE for state in MessageState)
    assert f'entry-points."{GROUP}"' in PAGE
