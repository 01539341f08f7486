"""Rosters and the director's watch."""

from collections.abc import Mapping

from shared.story.teller import Teller
from shared.story.words import ROSTERS

TELLERS: Mapping[str, Teller] = {
    "dispatch.roster.changed": lambda n, d: f"排班更新：{d['roster']['title']}",
    "dispatch.duty.gap_found": lambda n, d: f"{ROSTERS[d['kind']]}缺岗：{n.at(d['starts_at'])} 至 {n.at(d['ends_at'])}",
    "dispatch.handover.offered": lambda n, d: (
        f"轮值交接待接：未结 {d['open_cases']} 件，召集中 {d['running_summonses']} 起"
    ),
    "dispatch.handover.accepted": lambda n, d: "轮值交接完成",
}
