"""What somebody types as a time, and what it means. Saturday 28 November 2026, 16:00 in Quanzhou."""

from datetime import datetime

import pytest

from deploy.packs import default_pack
from services.console.errors import TimeUnread
from services.console.policy.typed_times import read_time
from shared.centre.working_time import calendar_of

NOW = datetime.fromisoformat("2026-11-28T16:00:00+08:00")
CALENDAR = calendar_of(default_pack())


def meant(text: str, *, past: bool = False) -> str:
    return f"{read_time(text, now=NOW, calendar=CALENDAR, past=past).at:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("明天17点", "11-29 17:00"),
        ("后天上午9点半", "11-30 09:30"),
        ("今天17：30", "11-28 17:30"),
        ("下午5点", "11-28 17:00"),
        ("17:05", "11-28 17:05"),
        ("12-05 16:30", "12-05 16:30"),
        ("12月5日下午4点", "12-05 16:00"),
        ("2026-12-05T16:30", "12-05 16:30"),
        ("2026/12/05", "12-05 17:30"),
        ("12.1", "12-01 17:30"),
        ("1月5日", "01-05 17:30"),
        ("周三", "12-02 17:30"),
        ("下周三 10点", "12-02 10:00"),
        ("本周日", "11-29 17:30"),
        ("周六17点", "11-28 17:00"),
        ("3个工作日", "12-02 17:30"),
        ("两个工作日内", "12-01 17:30"),
        ("3 working days", "12-02 17:30"),
        ("20分钟", "11-28 16:20"),
        ("半小时后", "11-28 16:30"),
        ("2小时", "11-28 18:00"),
        ("tomorrow 5pm", "11-29 17:00"),
    ],
)
def test_a_time_as_people_say_it(text: str, at: str) -> None:
    assert meant(text) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [("昨天15点", "11-27 15:00"), ("今天", "11-28 16:00"), ("11-27 9:00", "11-27 09:00"), ("12-05", "12-05 17:30")],
)
def test_of_what_is_past_the_last_such_day_is_meant(text: str, at: str) -> None:
    assert meant(text, past=True) == at
    assert read_time(text, now=NOW, calendar=CALENDAR, past=True).at <= NOW


def test_a_day_off_is_told() -> None:
    assert not read_time("明天17点", now=NOW, calendar=CALENDAR).works
    assert read_time("周一", now=NOW, calendar=CALENDAR).works


@pytest.mark.parametrize(
    "text", ["", "尽快", "25点", "13-40", "2026-02-30", "明天25点", "x" * 61, "99999999个工作日", "十十天"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(TimeUnread):
        read_time(text, now=NOW, calendar=CALENDAR)
