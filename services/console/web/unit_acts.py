"""What a unit may say of a work order and of a summons that calls it: the request behind each button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from services.console.web.case_act import words
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    AskExtension,
    AskSuspension,
    CheckInByCode,
    ContactRequester,
    ReportBack,
    ReturnWorkOrder,
    SendSubstitute,
    SignOffWorkOrder,
    TellCannotCome,
    TellOnTheWay,
)

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnitAct:
    """`states`: of the work order it fits, or of the unit in its summons. `stern`: shown as one that hurts."""

    name: str
    title: str
    request: type[Command[Any]]
    states: frozenset[str]
    fields: Callable[[FormData, ZoneInfo], Fields]
    stern: bool = False


def _nothing(form: FormData, zone: ZoneInfo) -> Fields:
    return {}


def _return(form: FormData, zone: ZoneInfo) -> Fields:
    return {
        "reason": words(form, "reason"),
        "ground": words(form, "ground"),
        "suggested_unit": words(form, "unit"),
        "disputed": words(form, "disputed") is not None,
    }


def _report(form: FormData, zone: ZoneInfo) -> Fields:
    replied = words(form, "replied") is not None
    return {"outcome": words(form, "outcome"), "result": words(form, "result"), "replied_to_requester": replied}


def _until(form: FormData, zone: ZoneInfo) -> Fields:
    """A day of the centre's own calendar, to its end. What is no date is left for the request to refuse."""
    day = words(form, "until")
    try:
        until: Any = datetime.fromisoformat(f"{day}T23:59:00").replace(tzinfo=zone)
    except ValueError:
        until = day
    return {"until": until, "reason": words(form, "reason")}


def _several_words(*names: str) -> Callable[[FormData, ZoneInfo], Fields]:
    return lambda form, zone: {name: words(form, name) for name in names}


OPEN = frozenset({"signed_off", "handling"})
ORDER_ACTS: tuple[UnitAct, ...] = (
    UnitAct("sign-off", "签收", SignOffWorkOrder, frozenset({"dispatched"}), _nothing),
    UnitAct("contact", "已联系诉求人", ContactRequester, OPEN, _several_words("kind")),
    UnitAct("report", "反馈结果", ReportBack, OPEN, _report),
    UnitAct("extension", "申请延期", AskExtension, OPEN, _several_words("days", "reason")),
    UnitAct("suspension", "申请挂账", AskSuspension, OPEN, _until),
    UnitAct("return", "退单", ReturnWorkOrder, OPEN | {"dispatched"}, _return, stern=True),
)
AWAITED = frozenset({"called", "acknowledged", "on_the_way", "substitute_sent", "cannot_come"})
SUMMONS_ACTS: tuple[UnitAct, ...] = (
    UnitAct("acknowledge", "收到，立即前往", AcknowledgeSummons, frozenset({"called"}), _nothing),
    UnitAct("on-the-way", "已出发", TellOnTheWay, AWAITED, _several_words("arrives_in_minutes")),
    UnitAct("arrived", "我已到场", CheckInByCode, AWAITED, _several_words("room_code")),
    UnitAct("substitute", "换人前来", SendSubstitute, AWAITED, _several_words("substitute", "arrives_in_minutes")),
    UnitAct("cannot-come", "报无法前往", TellCannotCome, AWAITED, _several_words("reason"), stern=True),
)
OF_ORDERS: Mapping[str, UnitAct] = {act.name: act for act in ORDER_ACTS}
OF_SUMMONSES: Mapping[str, UnitAct] = {act.name: act for act in SUMMONS_ACTS}
