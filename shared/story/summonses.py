"""The whistle."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller
from shared.story.words import OUTCOMES, SUMMONS_GROUNDS, channel_words


def _drill(data: Data) -> str:
    return "【演练】" if data["drill"] else ""


def _asked(names: Names, data: Data) -> str:
    plans = "（按出动预案）" if data["plans"] else ""
    return f"{_drill(data)}请求召集（{SUMMONS_GROUNDS[data['ground']]}）：{names.units(data['units'])}{plans}"


def _coming(names: Names, data: Data) -> str:
    return f"{names.unit(data['unit'])} 在途，预计 {names.at(data['expected_at'])} 到场"


def _notified(names: Names, data: Data) -> str:
    return f"通知已送出到 {names.unit(data['unit'])}（{channel_words(data['channel'])}）"


TELLERS: Mapping[str, Teller] = {
    "dispatch.summons.asked": _asked,
    "dispatch.summons.approved": lambda n, d: f"{_drill(d)}召集获批",
    "dispatch.summons.refused": lambda n, d: f"{_drill(d)}召集未获批准",
    "dispatch.summons.unit_called": lambda n, d: f"{_drill(d)}吹哨 {n.unit(d['unit'])}，限时到场",
    "dispatch.summons.unit_notified": _notified,
    "dispatch.summons.unit_acknowledged": lambda n, d: f"{n.unit(d['unit'])} 收到",
    "dispatch.summons.unit_on_the_way": _coming,
    "dispatch.summons.unit_substitute_sent": lambda n, d: (
        f"{n.unit(d['unit'])} 另派人员，预计 {n.at(d['expected_at'])} 到场"
    ),
    "dispatch.summons.unit_cannot_come": lambda n, d: f"{n.unit(d['unit'])} 说明不能到场",
    "dispatch.summons.unit_arrived": lambda n, d: f"{n.unit(d['unit'])} 到场",
    "dispatch.summons.unit_not_arrived": lambda n, d: f"{n.unit(d['unit'])} 未到场",
    "dispatch.summons.ended": lambda n, d: f"{_drill(d)}召集结束：{OUTCOMES[d['outcome']]}",
}
