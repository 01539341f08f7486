"""Pure decisions about handing a case on: who has to decide after a return, what may not be pushed down."""

from collections.abc import Mapping

from services.dispatch.errors.cases import OwnDutyPushedDown, SuggestsItself
from services.dispatch.policy.cases import known_unit
from shared.centre.jurisdiction import Route
from shared.centre.pack import CentrePack, Handing, Unit
from shared.contracts.actors import Role
from shared.contracts.dispatch import Desk, ReturnReason

SENT_BY_PERSON: Mapping[Role, str] = {Role.DISPATCHER: "由调度员派单。", Role.DUTY_DIRECTOR: "由轮值主任派单。"}
RETURN_WORDS: Mapping[ReturnReason, str] = {
    ReturnReason.NOT_OUR_DUTY: "不属本单位职责",
    ReturnReason.NOT_OUR_PLACE: "不属本单位辖区",
    ReturnReason.FACTS_WRONG: "所述情况有误",
    ReturnReason.IN_COURT: "已进入司法程序",
}


def desk_after_return(handing: Handing, *, returns: int, hops: int, disputed: bool) -> Desk:
    """Who decides now (DOMAIN: dispatch, 5): the last return the pack allows, or a dispute, is the duty director's.

    So is a case that may go to no further unit but by a designation.
    """
    directors = disputed or returns >= handing.returns_to_director or hops >= handing.hops_max
    return "duty_director" if directors else "dispatcher"


def return_words(unit: str, reason: ReturnReason, *, returns: int, desk: Desk, disputed: bool) -> str:
    """Why a returned case waits for a person, in fixed words: what the unit wrote stays with the work order."""
    words = f"{unit}退单：{RETURN_WORDS[reason]}。"
    if desk == "dispatcher":
        return words
    return f"{words}{'职责有争议' if disputed else f'本件第{returns}次退单'}，请轮值主任指定承办单位。"


def sent_words(by: Role) -> str:
    return SENT_BY_PERSON[by]


def designation_words(unit: Unit) -> str:
    return f"轮值主任裁定，指定{unit.short}承办，不得退单。"


def confirmed_words(reason: str) -> str:
    return f"信息更正后经人工确认改派。{reason}"


def joined_words(leader: str) -> str:
    return f"并入案件 {leader}，随该案办理。"


def pushes_duty_down(pack: CentrePack, decision: Route, *, unit: str, to: Unit) -> bool:
    """Whether what a rule of the table names this unit for, as the lead or to support it, would go to a township."""
    if to.kind != "township" or decision.by != "rule":
        return False
    rule = next((each for each in pack.rules if each.id == decision.rule_id), None)
    return rule is not None and unit in (rule.unit, *rule.supporters)


def require_not_pushed_down(pack: CentrePack, decision: Route, *, unit: str | None, to: Unit, field: str) -> None:
    if unit is not None and pushes_duty_down(pack, decision, unit=unit, to=to):
        raise OwnDutyPushedDown(
            f"the duty table names {unit} for this matter; it may not be handed down to {to.short}",
            field=field,
            rule_id=decision.rule_id,
        )


def require_fair_suggestion(pack: CentrePack, decision: Route, *, unit: str, suggested: str) -> None:
    """A unit that returns a case may name another known unit for it, but no township for what is its own duty."""
    other = known_unit(pack, suggested, field="suggested_unit")
    if other.code == unit:
        raise SuggestsItself("suggest another unit than your own, or none", field="suggested_unit")
    require_not_pushed_down(pack, decision, unit=unit, to=other, field="suggested_unit")
