"""What can be done with a case from its page: for whom, when, by which key, with what said of its effect."""

from collections.abc import Callable, Mapping

from starlette.datastructures import FormData

from services.console.policy.board import Row
from services.console.web.case_act import CaseAct, Fields
from services.console.web.case_facts import CaseFacts
from services.console.web.desk import may
from services.console.web.fields import several, words
from services.console.web.steering_acts import STEERING_ACTS
from shared.contracts.actors import Actor
from shared.contracts.dispatch import (
    ApproveSummons,
    AskSummons,
    CheckInArrival,
    DesignateUnit,
    RedispatchCase,
    RefuseSummons,
    StandDownSummons,
)
from shared.contracts.intake import AcceptCase


def _has(state: str) -> Callable[[Row, CaseFacts], bool]:
    return lambda row, _: any(one.state == state for one in row.arrivals)


def _summons(form: FormData) -> Fields:
    return {"summons_id": words(form, "summons")}


def _summons_with_reason(form: FormData) -> Fields:
    return {**_summons(form), "reason": words(form, "reason")}


def _sent(form: FormData) -> Fields:
    return {"unit": words(form, "unit"), "supporters": several(form, "supporters"), "reason": words(form, "reason")}


def _ruled(form: FormData) -> Fields:
    return {"unit": words(form, "unit"), "supporters": several(form, "supporters"), "ground": words(form, "reason")}


def _asked(form: FormData) -> Fields:
    by_plan = words(form, "by_plan") is not None
    units = several(form, "units")
    return {"ground": words(form, "ground"), "units": units, "by_plan": by_plan, "reason": words(form, "reason")}


ACTS: tuple[CaseAct, ...] = (
    CaseAct(
        "accept",
        "受理",
        "A",
        AcceptCase,
        lambda row, _: row.stage == "accept",
        lambda form: {"handling_mode": words(form, "mode"), "category": words(form, "category")},
    ),
    CaseAct("dispatch", "分派", "D", RedispatchCase, lambda row, _: row.stage == "dispatch", _sent),
    CaseAct("designate", "指定承办", "G", DesignateUnit, lambda row, _: row.stage in {"dispatch", "sign_off"}, _ruled),
    CaseAct("summon", "召集", "Z", AskSummons, lambda row, _: row.stage not in {"accept", "over"}, _asked),
    CaseAct("approve", "批准召集", "P", ApproveSummons, _has("asked"), _summons, of_case=False),
    CaseAct("refuse", "不批准召集", "X", RefuseSummons, _has("asked"), _summons_with_reason, of_case=False, stern=True),
    CaseAct(
        "arrive",
        "到场登记",
        "R",
        CheckInArrival,
        _has("running"),
        lambda form: {**_summons(form), "unit": words(form, "unit")},
        of_case=False,
    ),
    CaseAct(
        "stand-down",
        "撤销召集",
        "E",
        StandDownSummons,
        _has("running"),
        _summons_with_reason,
        of_case=False,
        stern=True,
    ),
    *STEERING_ACTS,
)
BY_NAME: Mapping[str, CaseAct] = {act.name: act for act in ACTS}


def acts_for(actor: Actor, row: Row | None, facts: CaseFacts | None = None) -> list[CaseAct]:
    """Shown where the role may and the case's state lets it; the service decides in the end."""
    if row is None:
        return []
    return [act for act in ACTS if may(actor, act.request) and act.fits(row, facts or CaseFacts())]
