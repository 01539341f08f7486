"""平战转换: switches, reminders, reports and what a surge came to."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller
from shared.story.words import CENTRE_MODES


def _switched(names: Names, data: Data) -> str:
    mode, before = CENTRE_MODES[data["mode"]], CENTRE_MODES[data["before"]]
    if data["mode"] == "normal":
        return f"由{before}恢复{mode}"
    measures = f"，措施：{names.measures(data['measures'])}" if data["measures"] else ""
    return f"由{before}转为{mode}，预计至 {names.at(data['expected_end'])}{measures}"


def _summarized(names: Names, data: Data) -> str:
    figures = data["figures"]
    span = f"{names.at(data['began_at'])} 至 {names.at(data['ended_at'])}"
    return (
        f"战时小结（最高{CENTRE_MODES[data['highest']]}，{span}）：受理转办 {figures['cases_accepted']} 件，"
        f"办结 {figures['cases_closed']} 件，工单 {figures['work_orders']} 份，"
        f"超时 {figures['overdue']} 份，吹哨 {figures['summonses']} 起，"
        f"按时到场 {figures['arrived_in_time']}/{figures['summoned']}"
    )


TELLERS: Mapping[str, Teller] = {
    "dispatch.mode.switched": _switched,
    "dispatch.mode.prolonged": lambda n, d: f"{CENTRE_MODES[d['mode']]}延长至 {n.at(d['expected_end'])}",
    "dispatch.mode.reminded": lambda n, d: (
        f"{CENTRE_MODES[d['mode']]}预计 {n.at(d['expected_end'])} 结束，"
        f"{'已过而未结束' if d['late'] else '请决定恢复平时或延长'}"
    ),
    "dispatch.mode.report_due": lambda n, d: f"请报 {n.at(d['report_at'])} 情况专报（第 {d['number']} 次）",
    "dispatch.mode.summarized": _summarized,
}
