"""What the events of dispatch change: who was sent the case, who is called to the command room."""

from collections.abc import Callable, Mapping
from typing import Any

Facts = dict[str, Any]


def _routed(facts: Facts, data: Facts) -> None:
    facts["routed"] = {"unit": data["unit"], "by": data["by"]}
    if data["by"] == "triage":
        facts["desk"] = "dispatcher"


def _dispatched(facts: Facts, data: Facts) -> None:
    order = {name: data[name] for name in ("unit", "role", "round", "designated")} | {"state": "dispatched"}
    facts.setdefault("orders", {})[data["work_order_id"]] = order
    _touch_unit(facts, data["unit"])
    if data["role"] == "lead":
        facts["lead"], facts["desk"] = data["work_order_id"], None


def _order(state: str) -> Callable[[Facts, Facts], None]:
    def change(facts: Facts, data: Facts) -> None:
        facts["orders"][data["work_order_id"]]["state"] = state
        facts["orders"][data["work_order_id"]]["round"] = data["round"]

    return change


def _reported_back(facts: Facts, data: Facts) -> None:
    _order("reported_back")(facts, data)
    facts["orders"][data["work_order_id"]]["reported_by"] = data["reported_by"]


def _returned(facts: Facts, data: Facts) -> None:
    facts["orders"][data["work_order_id"]]["state"] = "returned"
    facts["returns"] = data["returns"]
    if data["role"] == "lead":
        facts["desk"] = data["goes_to"]


def _designated(facts: Facts, data: Facts) -> None:
    facts["designated"] = True


def _suspended(facts: Facts, data: Facts) -> None:
    facts["suspended_until"] = data["until"]


def _resumed(facts: Facts, data: Facts) -> None:
    facts["suspended_until"] = None


# -- the whistle -------------------------------------------------------------------------------------------------------


def _asked(facts: Facts, data: Facts) -> None:
    facts.setdefault("summonses", {})[data["summons_id"]] = {
        "state": "asked",
        "ground": data["ground"],
        "drill": data["drill"],
        "units": {unit: {"state": "named"} for unit in data["units"]},
    }
    for unit in data["units"]:
        _touch_unit(facts, unit)


def _summons(state: str) -> Callable[[Facts, Facts], None]:
    def change(facts: Facts, data: Facts) -> None:
        facts["summonses"][data["summons_id"]]["state"] = state

    return change


def _unit(state: str) -> Callable[[Facts, Facts], None]:
    def change(facts: Facts, data: Facts) -> None:
        facts["summonses"][data["summons_id"]]["units"].setdefault(data["unit"], {})["state"] = state
        _touch_unit(facts, data["unit"])

    return change


def _called(facts: Facts, data: Facts) -> None:
    _unit("called")(facts, data)
    summons = facts["summonses"][data["summons_id"]]
    summons.setdefault("called_at", data["called_at"])
    summons.update({"category": data["category"], "place": data["place"], "level": data["level"]})


def _notified(facts: Facts, data: Facts) -> None:
    facts["summonses"][data["summons_id"]]["units"][data["unit"]]["notified"] = True


def _touch_unit(facts: Facts, unit: str) -> None:
    """Every unit that ever had to do with the case: who sees it no more has to be told so."""
    facts.setdefault("ever", {})[unit] = True


CHANGES: Mapping[str, Callable[[Facts, Facts], None]] = {
    "dispatch.case.routed": _routed,
    "dispatch.case.designated": _designated,
    "dispatch.work_order.dispatched": _dispatched,
    "dispatch.work_order.signed_off": _order("signed_off"),
    "dispatch.work_order.returned": _returned,
    "dispatch.work_order.withdrawn": _order("withdrawn"),
    "dispatch.work_order.reported_back": _reported_back,
    "dispatch.work_order.reopened": _order("reopened"),
    "dispatch.deferral.suspended": _suspended,
    "dispatch.deferral.resumed": _resumed,
    "dispatch.summons.asked": _asked,
    "dispatch.summons.approved": _summons("running"),
    "dispatch.summons.refused": _summons("refused"),
    "dispatch.summons.unit_called": _called,
    "dispatch.summons.unit_notified": _notified,
    "dispatch.summons.unit_acknowledged": _unit("acknowledged"),
    "dispatch.summons.unit_on_the_way": _unit("on_the_way"),
    "dispatch.summons.unit_substitute_sent": _unit("substitute_sent"),
    "dispatch.summons.unit_cannot_come": _unit("cannot_come"),
    "dispatch.summons.unit_arrived": _unit("arrived"),
    "dispatch.summons.unit_not_arrived": _unit("not_arrived"),
    "dispatch.summons.ended": _summons("ended"),
}
