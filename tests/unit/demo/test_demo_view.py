"""The live view: one page that never jumps, in Chinese, with nothing red but what is overdue."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from rich.console import Console
from rich.segment import Segment

from deploy.demo.board import Board
from deploy.demo.live import arrival_limit
from deploy.demo.view import plain_line, render
from deploy.demo.words import Words, span
from deploy.packs import default_pack
from shared.contracts.base import Envelope
from shared.contracts.dispatch import SummonedUnit, SummonsGround, SummonsView, UnitSummonsState, WorkOrderView
from shared.contracts.escalation import ClockView

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PACK = default_pack()
WORDS = Words(PACK)
LIMIT = timedelta(minutes=20)
ID = UUID(int=1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def unit(code: str, state: UnitSummonsState, called: float, arrived: float | None = None) -> SummonedUnit:
    return SummonedUnit(
        unit=code,
        state=state,
        called_at=NOW - minutes(called),
        acknowledged_at=None,
        arrived_at=None if arrived is None else NOW - minutes(arrived),
    )


def clock(owes: str, stage: str, due: float) -> ClockView:
    return ClockView.model_validate(
        {
            "clock": f"{stage}:1",
            "case_code": "26-0000042-5",
            "stage": stage,
            "owes": owes,
            "state": "armed",
            "started_at": NOW - minutes(60),
            "due_at": NOW + minutes(due),
            "limit": "1 working_day",
            "limit_source": "",
            "fired_at": None,
            "ended_at": None,
        }
    )


def event(type_: str, minute: int, **data: object) -> Envelope:
    return Envelope(
        id=UUID(int=minute),
        source="muster/qz/intake",
        type=type_,
        time=NOW - minutes(minute),
        subject="26-0000042-5",
        centre="qz",
        chain="c",
        sequence=1,
        trace="t",
        data=dict(data),
    )


def board(*, late: bool) -> Board:
    police = unit("police", UnitSummonsState.CALLED, 25 if late else 12)
    return Board(
        at=NOW,
        totals={"intake.case.registered": 123, "intake.case.closed": 45, "intake.case.not_accepted": 6},
        open_cases={"registered": 2, "handling": 70, "to_follow_up": 8},
        in_triage=3,
        to_verify=9,
        unsigned=(
            WorkOrderView(
                work_order_id=ID,
                case_code="26-0000042-5",
                unit="market",
                state="dispatched",
                category=None,
                place=None,
                level="IV",
                round=1,
                dispatched_at=NOW - minutes(75),
                signed_off_at=None,
            ),
        ),
        summonses=(
            SummonsView(
                summons_id=ID,
                case_code="26-0000042-5",
                state="running",
                ground=SummonsGround.URGENT,
                asked_by="director",
                approved_by="commander",
                units=(unit("market", UnitSummonsState.ARRIVED, 12, arrived=4), police),
            ),
        ),
        clocks=(
            *([clock("clerk.general", "accept", -5)] if late else []),
            clock("grid:350521104.g01", "verify", 90),
            clock("dispatcher", "dispatch", 9.5),
            clock("police", "sign_off", 60 * 26),
        ),
        clocks_open=4,
        events=(
            event("intake.case.registered", 3, category="labour.wages.arrears"),
            event("escalation.clock.armed", 2),
            event("dispatch.work_order.signed_off", 1, unit="market"),
        ),
    )


def page(one: Board, *, width: int = 100, height: int = 30) -> str:
    console = Console(record=True, width=width, height=height, file=StringIO())
    console.print(render(one, WORDS, arrival_limit=LIMIT, height=height, note="演示"))
    return console.export_text()


def red_words(one: Board) -> str:
    console = Console(width=110, height=30)
    segments = console.render(render(one, WORDS, arrival_limit=LIMIT, height=30))
    return " ".join(text.strip() for text, style, _ in Segment.simplify(segments) if style and "red" in str(style))


def test_the_page_tells_every_stage_in_the_words_of_the_trade() -> None:
    text = page(board(late=False))
    assert "泉州台商投资区社会治理中心" in text
    assert "2026-11-23 周一 10:00" in text
    for word in ("登记", "待受理", "待分派", "待签收", "办理中", "待核查", "待回访", "办结", "不予受理", "逾期"):
        assert word in text
    assert "123" in text


def test_each_summoned_unit_has_its_own_state_and_countdown() -> None:
    lines = [line for line in page(board(late=False)).splitlines() if "26-0000042-5" in line]
    assert any("公安分局" in line and "已吹哨" in line and "剩 08:00" in line for line in lines)
    assert any("市场监督局" in line and "已到场" in line and "用时 08:00" in line for line in lines)


def test_the_page_shows_what_is_due_next_and_what_waits() -> None:
    text = page(board(late=False), width=130)
    assert "剩 09:30" in text
    assert "洛阳镇样例村级网格一" in text
    assert "剩 1天02时" in text
    assert "最早 1时15分 前" in text


def test_the_newest_events_come_first_and_the_noise_is_left_out() -> None:
    text = page(board(late=False))
    assert text.index("市场监督局签收") < text.index("登记：拖欠工资")
    assert "armed" not in text


def test_nothing_is_red_while_nothing_is_overdue() -> None:
    assert red_words(board(late=False)) == ""


def test_only_what_is_overdue_is_red() -> None:
    assert set(red_words(board(late=True)).split()) == {"1", "超", "05:00"}


@pytest.mark.parametrize("height", [24, 30, 50])
@pytest.mark.parametrize("one", [board(late=True), Board(at=NOW)], ids=["busy", "empty"])
def test_the_page_keeps_its_height_whatever_happens(one: Board, height: int) -> None:
    lines = page(one, height=height).rstrip("\n").splitlines()
    assert height - 1 <= len(lines) <= height


def test_the_page_fits_a_small_terminal() -> None:
    assert all(
        Console().measure(line).maximum <= 80 for line in page(board(late=True), width=80, height=24).splitlines()
    )


def test_without_a_terminal_the_page_is_one_line() -> None:
    line = plain_line(board(late=True), WORDS, note="已到件 123/300")
    assert "\n" not in line
    assert "登记 123" in line
    assert "逾期 1" in line
    assert line.endswith("最新：市场监督局签收 · 已到件 123/300")


def test_the_arrival_limit_is_the_packs() -> None:
    assert arrival_limit(PACK) == LIMIT


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (timedelta(seconds=5), "00:05"),
        (timedelta(minutes=59, seconds=59), "59:59"),
        (timedelta(hours=2, minutes=5), "2时05分"),
        (timedelta(days=3, hours=4), "3天04时"),
        (-timedelta(minutes=7), "07:00"),
    ],
)
def test_spans_are_told_by_their_two_greatest_parts(of: timedelta, told: str) -> None:
    assert span(of) == told
