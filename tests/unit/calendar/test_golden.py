"""Every golden row twice: by the calendar a centre pack gives, and by a second way of counting."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from shared.calendar import Duration, WorkingCalendar, due_at, published
from shared.calendar.working import day_book
from shared.centre.load import load_pack
from shared.centre.working_time import calendar_of
from tests.unit.calendar.golden import local_days, published_years, year_to_come
from tests.unit.calendar.golden.reference import OFFICES, reference_due
from tests.unit.calendar.test_due_at import GOLDEN

SHANGHAI = ZoneInfo("Asia/Shanghai")
SMALL = Path(__file__).parents[1] / "centre" / "small_pack"
ADDED = {
    "plain": "",
    "seasons": local_days.SEASONS,
    "weekdays": local_days.WEEKDAYS,
    "centre": local_days.LOCAL,
    "township": local_days.LOCAL,
}
LAST_KNOWN = 2026


class Row(NamedTuple):
    calendar: str
    start: str
    limit: str
    due: str
    why: str
    provisional: bool


def _rows(calendar: str, table: str, *, provisional: bool = False) -> list[Row]:
    lines = (line.split(" | ") for line in table.splitlines() if " | " in line)
    return [Row(calendar, start, limit, due, why, provisional) for start, limit, due, why in lines]


ROWS = [
    *_rows("plain", GOLDEN),
    *_rows("plain", published_years.ROWS_2024),
    *_rows("plain", published_years.ROWS_2025),
    *_rows("plain", published_years.ROWS_2026),
    *_rows("plain", year_to_come.ROWS_UNPUBLISHED, provisional=True),
    *_rows("entered", year_to_come.ROWS_ENTERED),
    *_rows("seasons", local_days.ROWS_SEASONS),
    *_rows("weekdays", local_days.ROWS_WEEKDAYS),
    *_rows("centre", local_days.ROWS_CENTRE),
    *_rows("township", local_days.ROWS_TOWNSHIP),
    *_rows("plain", local_days.ROWS_ELAPSED),
]
NAMED = [f"{row.calendar}: {row.start} + {row.limit}" for row in ROWS]


@pytest.fixture(scope="module", autouse=True)
def as_known_in_2026() -> Iterator[None]:
    """The table of notices without 2027, which a newer one will have: the rows of 2027 stay what they are."""

    def early(day: date) -> bool:
        return day < date(LAST_KNOWN, *published.NEXT_NOTICE_FROM)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("_HOLIDAYS", "_MAKEUP_WORKDAYS"):
            days: dict[date, str] = getattr(published, name)
            patch.setattr(published, name, {day: festival for day, festival in days.items() if early(day)})
        patch.setattr(published, "_YEARS", frozenset(range(2004, LAST_KNOWN + 1)))
        day_book.cache_clear()
        yield
    day_book.cache_clear()


@pytest.fixture(scope="module")
def calendars(tmp_path_factory: pytest.TempPathFactory) -> dict[str, WorkingCalendar]:
    """Each read from a pack's files, as an administrator writes them."""
    return {name: _calendar(name, tmp_path_factory.mktemp(name)) for name in OFFICES}


def _calendar(name: str, folder: Path) -> WorkingCalendar:
    for file in SMALL.iterdir():
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    yaml = YAML(typ="safe", pure=True)
    own = yaml.load(ADDED.get(name, "")) or {}  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    kept = [
        line
        for line in (folder / "centre.yaml").read_text(encoding="utf-8").splitlines()
        if not line.startswith(("holidays:", "extra_workdays:"))
    ]
    text = "\n".join(kept)
    if "office_hours" in own:
        before, _, after = text.partition("office_hours:")
        text = before + after[after.index("directors:") :]
    (folder / "centre.yaml").write_text(f"{text}\n{ADDED.get(name, '')}", encoding="utf-8")
    if name == "entered":
        (folder / "holidays-2027.yaml").write_text(year_to_come.SAMPLE_NOTICE, encoding="utf-8")
    return calendar_of(load_pack(folder), "west.g1" if name == "township" else None)


def instant(text: str) -> datetime:
    """`2026-10-10 Sat 17:30`, local; the weekday is checked, so that a slip in the table shows."""
    day, weekday, minute = text.split()
    at = datetime.fromisoformat(f"{day}T{minute}")
    assert at.strftime("%a") == weekday, text
    return at


@pytest.mark.parametrize("row", ROWS, ids=NAMED)
def test_the_calendar_gives_it(row: Row, calendars: dict[str, WorkingCalendar]) -> None:
    start = instant(row.start).replace(tzinfo=SHANGHAI)
    answer = due_at(calendars[row.calendar], start, Duration.parse(row.limit))
    assert answer.at.astimezone(SHANGHAI).replace(tzinfo=None) == instant(row.due), row.why
    assert answer.at.tzinfo is UTC
    assert answer.provisional == row.provisional
    assert answer.steps[0].startswith(f"runs from {row.start}")
    assert answer.steps[-1] == f"due {row.due}"


@pytest.mark.parametrize("row", ROWS, ids=NAMED)
def test_counting_a_second_way_gives_it(row: Row) -> None:
    assert reference_due(OFFICES[row.calendar], instant(row.start), row.limit) == instant(row.due), row.why


def test_no_day_of_a_notice_could_be_missing_unseen(
    calendars: dict[str, WorkingCalendar], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plants each slip there could be: a weekday that is no holiday any more, a make-up workday forgotten."""
    asked = [row for row in ROWS if row.calendar == "plain"]
    for name, weekend in (("_HOLIDAYS", False), ("_MAKEUP_WORKDAYS", True)):
        full: dict[date, str] = getattr(published, name)
        for missing in (day for day in full if day.year >= 2024 and (day.weekday() >= 5) == weekend):
            with monkeypatch.context() as slip:
                slip.setattr(published, name, {day: festival for day, festival in full.items() if day != missing})
                day_book.cache_clear()
                assert any(_local_due(row, calendars["plain"]) != instant(row.due) for row in asked), missing
    day_book.cache_clear()


def _local_due(row: Row, calendar: WorkingCalendar) -> datetime:
    answer = due_at(calendar, instant(row.start).replace(tzinfo=SHANGHAI), Duration.parse(row.limit))
    return answer.at.astimezone(SHANGHAI).replace(tzinfo=None)


def test_the_second_way_is_another_way() -> None:
    """It would see a slip: with one make-up Saturday less, a row of it changes."""
    slipped = OFFICES["plain"].differing(off="10.10")
    assert reference_due(slipped, instant("2026-10-09 Fri 10:00"), "1 working_day") == instant("2026-10-12 Mon 17:30")


def test_the_table_is_long_and_no_row_is_there_twice() -> None:
    questions = [(row.calendar, row.start, row.limit) for row in ROWS]
    assert len(set(questions)) == len(questions) >= 280
    assert {row.start[:4] for row in ROWS} == {"2024", "2025", "2026", "2027"}
    assert all(row.why.strip() for row in ROWS)
