"""Rosters, a calendar and instants for the tests of duty."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.calendar import OfficeHours, WorkingCalendar
from shared.duty import Member, Override, Roster, Rotation

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = WorkingCalendar(
    timezone=SHANGHAI,
    office_hours=OfficeHours.model_validate({"week": ["08:00-12:00", "14:30-17:30"]}),
)
MONDAY = date(2026, 11, 23)


def local(*parts: int, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type]


def rotation(*staff: str, **changes: Any) -> Rotation:
    facts: dict[str, Any] = {
        "id": "primary",
        "members": tuple(Member(staff=each) for each in staff),
        "every": "daily",
        "starts_on": MONDAY,
    }
    return Rotation(**(facts | changes))


def roster(*rotations: Rotation, **changes: Any) -> Roster:
    facts: dict[str, Any] = {"code": "rota", "kind": "duty_director", "title": "轮值主任", "rotations": rotations}
    return Roster(**(facts | changes))


def override(action: str, staff: str, starts_at: datetime, ends_at: datetime, **changes: Any) -> Override:
    facts: dict[str, Any] = {
        "action": action,
        "staff": staff,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "reason": "有事",
    }
    return Override(**(facts | changes))
