"""What a unit may say of a work order and of a summons that calls it: the request behind each button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from services.console.web.fields import words
from shared.contracts.actors import Actor
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    AskExtension,
    AskSuspension,
    CheckInByCode,
    ContactRequester,
    ReportBack,
    ReportDelay,
    ResumeWorkOrder,
    ReturnWorkOrder,
    SendSubstitute,
    SignOffWorkOrder,
    TellCannotCome,
    TellOnTheWay,
)
from shared.contracts.escalation import AnswerSupervision, MakeAppeal
from shared.contracts.rights import RIGHTS

Fields = dict[str, Any]
ReadTime = Callable[[str], datetime]
"""What was typed as a time. Raises TimeUnread."""


@dataclass(frozen=True, slots=True)
class UnitAct:
    """`states`: what has to be so for it to be offered (`OrderFile.standing`), or of the unit in its summons.

    `stern`: shown as one that hurts. `of_order`: the request names the work order, not something else on the case.
    """

    name: str
    title: str
    request: type[Command[Any]]
    states: frozenset[str]
    fields: Callable[[FormData, ReadTime], Fields]
    stern: bool = False
    of_order: bool = True


def _nothing(form: FormData, read: ReadTime) -> Fields:
    return {}


def _return(form: FormData, read: ReadTime) -> Fields:
    return {
        "reason": words(form, "reason"),
        "ground": words(form, "ground"),
        "suggested_unit": words(form, "unit"),
        "disputed": words(form, "disputed") is not None,
    }


def _report(form: FormData, read: ReadTime) -> Fields:
    replied = words(form, "replied") is not None
    return {"outcome": words(form, "outcome"), "result": words(form, "result"), "replied_to_requester": replied}


def _timed(field: str) -> Callable[[FormData, ReadTime], Fields]:
    return lambda form, read: {field: read(words(form, "time") or ""), "reason": words(form, "reason")}


def _several_words(*names: str) -> Callable[[FormData, ReadTime], Fields]:
    return lambda form, read: {name: words(form, name) for name in names}


ORDER_ACTS: tuple[UnitAct, ...] = (
    UnitAct("sign-off", "签收", SignOffWorkOrder, frozenset({"dispatched"}), _nothing),
    UnitAct(
        "answer",
        "答复督办",
        AnswerSupervision,
        frozenset({"supervised"}),
        _several_words("order_id", "answer"),
        of_order=False,
    ),
    UnitAct("contact", "已联系诉求人", ContactRequester, frozenset({"leads"}), _several_words("kind")),
    UnitAct("report", "反馈结果", ReportBack, frozenset({"at_work"}), _report),
    UnitAct("delay", "报暂不能办结", ReportDelay, frozenset({"leads"}), _timed("proposed_for")),
    UnitAct("extension", "申请延期", AskExtension, frozenset({"may_defer"}), _several_words("days", "reason")),
    UnitAct("suspension", "申请挂账", AskSuspension, frozenset({"may_defer"}), _timed("until")),
    UnitAct("resume", "恢复办理", ResumeWorkOrder, frozenset({"suspended"}), _several_words("reason")),
    UnitAct("return", "退单（附依据）", ReturnWorkOrder, frozenset({"returnable"}), _return, stern=True),
    UnitAct(
        "appeal",
        "超时申诉",
        MakeAppeal,
        frozenset({"overdue"}),
        _several_words("clock", "reason", "words"),
        of_order=False,
    ),
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


def answers_of(actor: Actor) -> list[UnitAct]:
    """What a role may answer to a summons."""
    return [act for act in SUMMONS_ACTS if actor.role in RIGHTS[act.request.NAME]]
