"""A time as people type it (明天17点, 3个工作日, 下周三), and what it means, to be seen before it is kept."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.console.errors import TimeUnread
from shared.calendar import Duration, Unit, WorkingCalendar, due_at
from shared.calendar.working import DayBook, day_book

WEEKDAYS = "一二三四五六日"
DAYS = {
    "前天": -2,
    "昨天": -1,
    "yesterday": -1,
    "今天": 0,
    "today": 0,
    "明天": 1,
    "tomorrow": 1,
    "后天": 2,
    "大后天": 3,
}
SPANS = {
    "分钟": Unit.MINUTE,
    "minute": Unit.MINUTE,
    "小时": Unit.HOUR,
    "hour": Unit.HOUR,
    "工作日": Unit.WORKING_DAY,
    "working day": Unit.WORKING_DAY,
    "天": Unit.CALENDAR_DAY,
    "day": Unit.CALENDAR_DAY,
    "周": Unit.CALENDAR_DAY,
    "星期": Unit.CALENDAR_DAY,
    "week": Unit.CALENDAR_DAY,
    "个月": Unit.MONTH,
    "month": Unit.MONTH,
}
WEEKS = frozenset({"周", "星期", "week"})
NUMBERS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2}
TEXT_MAX = 60

_UNITS = "|".join(sorted(SPANS, key=len, reverse=True))
_SPAN = re.compile(rf"(\d{{1,3}}|[{''.join(NUMBERS)}])\s*个?\s*({_UNITS})s?\s*(?:后|内|之内|以内)?$")
_CLOCK = re.compile(r"(上午|下午|晚上|中午|am|pm)?\s*(\d{1,2})(?:[:点时](半|\d{1,2})?分?|\s*(am|pm))$")
_WHOLE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})[日号]?")
_SHORT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})[日号]?")
_WEEKDAY = re.compile(rf"(下下|下|本|这)?(?:周|星期|礼拜)([{WEEKDAYS}天])")


@dataclass(frozen=True, slots=True)
class TypedTime:
    """`at`: the instant, in the centre's own zone. `works`: whether that day is worked; `by_span`: counted from now."""

    at: datetime
    works: bool
    by_span: bool


def read_time(text: str, *, now: datetime, calendar: WorkingCalendar, past: bool = False) -> TypedTime:
    """Raises TimeUnread. A day without an hour ends at its close of business; a day off, at the close of a usual one.

    A span of working or calendar days is counted as the centre's limits are: from the next day, to close of business.
    `past`: what is told has happened, so a day without a year is the last such day, and none ends after `now`.
    """
    wanted, book = _plain(text), day_book(calendar)
    local = now.astimezone(book.timezone)
    at = _by_span(wanted, local, calendar)
    if at is not None:
        at = at.astimezone(book.timezone)
        return TypedTime(at, book.day(at.date()).works, by_span=True)
    day, rest = _day_of(wanted, local.date(), past)
    hour = _hour_of(rest) if rest else None
    if rest and hour is None:
        raise TimeUnread("write a time such as 明天17点, 3个工作日, 12-05 16:30", field="time")
    at = _close_of(book, day) if hour is None else datetime.combine(day, hour, book.timezone)
    if past and hour is None:
        at = min(at, local)
    return TypedTime(at, book.day(day).works, by_span=False)


def _plain(text: str) -> str:
    """As typed on any keyboard: wide digits and colons, the T of a date field, spaces."""
    wide = str.maketrans("０１２３４５６７８９：．－／，", "0123456789:.-/,")
    wanted = re.sub(r"(?<=\d)T(?=\d)", " ", text.translate(wide)).strip().lower()
    if not wanted or len(wanted) > TEXT_MAX:
        raise TimeUnread("write a time such as 明天17点, 3个工作日, 12-05 16:30", field="time")
    return wanted


def _by_span(text: str, now: datetime, calendar: WorkingCalendar) -> datetime | None:
    found = _SPAN.match(text)
    if found is None:
        return now + timedelta(minutes=30) if text.startswith("半小时") else None
    amount = int(found[1]) if found[1].isascii() else NUMBERS[found[1]]
    try:
        limit = Duration(amount * (7 if found[2] in WEEKS else 1), SPANS[found[2]])
        return due_at(calendar, now, limit).at
    except ValueError:
        return None


def _day_of(text: str, today: date, past: bool) -> tuple[date, str]:
    """The day that is named at the front, and what stands after it; without one, today."""
    for read in (_named, _whole_date, _weekday, _short_date):
        found = read(text, today, past)
        if found is not None:
            return found[0], found[1].strip(" ,的")
    return today, text


def _named(text: str, today: date, past: bool) -> tuple[date, str] | None:
    name = next((one for one in sorted(DAYS, key=len, reverse=True) if text.startswith(one)), None)
    return None if name is None else (today + timedelta(days=DAYS[name]), text[len(name) :])


def _whole_date(text: str, today: date, past: bool) -> tuple[date, str] | None:
    found = _WHOLE.match(text)
    return None if found is None else (_date(int(found[1]), int(found[2]), int(found[3])), text[found.end() :])


def _short_date(text: str, today: date, past: bool) -> tuple[date, str] | None:
    """The next such day: 01-05 typed in December is in January; of what is past, the last one."""
    found = _SHORT.match(text)
    if found is None:
        return None
    day = _date(today.year, int(found[1]), int(found[2]))
    if past and day > today:
        day = _date(today.year - 1, int(found[1]), int(found[2]))
    elif day < today and not past:
        day = _date(today.year + 1, int(found[1]), int(found[2]))
    return day, text[found.end() :]


def _weekday(text: str, today: date, past: bool) -> tuple[date, str] | None:
    """周三 is the next one to come, or of what is past the last one; 下周三 the one of next week."""
    found = _WEEKDAY.match(text)
    if found is None:
        return None
    wanted = 6 if found[2] == "天" else WEEKDAYS.index(found[2])
    weeks = {"下下": 2, "下": 1}.get(found[1] or "", 0)
    day = today + timedelta(days=wanted - today.weekday(), weeks=weeks)
    if not found[1]:
        day += timedelta(weeks=-1 if past and day > today else 1 if day < today and not past else 0)
    return day, text[found.end() :]


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise TimeUnread("there is no such day", field="time") from None


def _hour_of(text: str) -> time | None:
    found = _CLOCK.match(text)
    if found is None:
        return None
    half, hour, minute, after = found[1] or found[4], int(found[2]), found[3], {"下午", "晚上", "pm"}
    if half in after and hour < 12:
        hour += 12
    try:
        return time(hour, 30 if minute == "半" else int(minute or 0))
    except ValueError:
        return None


def _close_of(book: DayBook, day: date) -> datetime:
    known = book.day(day)
    if known.works:
        return known.closes_at.astimezone(book.timezone)
    usual = book.day(book.next_workday(day)).closes_at.astimezone(book.timezone)
    return datetime.combine(day, usual.timetz().replace(tzinfo=None), book.timezone)
