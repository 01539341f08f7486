"""A unit's work order, and more time for it."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller
from shared.story.words import CAUSES, CONTACTS, DEFERRALS, DESKS, ORDER_ROLES, OUTCOMES, REACHED, said


def _dispatched(names: Names, data: Data) -> str:
    designated = "，指定承办" if data["designated"] else ""
    role = ORDER_ROLES[data["role"]]
    return f"派单 {names.unit(data['unit'])}（{role}，{REACHED[data['reached_by']]}{designated}）"


def _returned(names: Names, data: Data) -> str:
    disputed = "，职责有争议" if data["disputed"] else ""
    back = f"{names.unit(data['unit'])} 退单（{said(data['reason'])}{disputed}），第 {data['returns']} 次"
    return f"{back}，转{DESKS[data['goes_to']]}"


def _asked(names: Names, data: Data) -> str:
    return f"{names.unit(data['unit'])} 申请{DEFERRALS[data['kind']]}，原定 {names.at(data['due_at'])}"


def _reported_back(names: Names, data: Data) -> str:
    photos = f"，照片 {data['photos']} 张" if data["photos"] else ""
    return f"{names.unit(data['unit'])} 反馈（{ORDER_ROLES[data['role']]}）：{OUTCOMES[data['outcome']]}{photos}"


TELLERS: Mapping[str, Teller] = {
    "dispatch.work_order.dispatched": _dispatched,
    "dispatch.work_order.signed_off": lambda n, d: f"{n.unit(d['unit'])} 签收",
    "dispatch.work_order.requester_contacted": lambda n, d: (
        f"{n.unit(d['unit'])} 已联系诉求人（{CONTACTS[d['kind']]}）"
    ),
    "dispatch.work_order.returned": _returned,
    "dispatch.work_order.withdrawn": lambda n, d: f"收回 {n.unit(d['unit'])} 的工单：{CAUSES[d['cause']]}",
    "dispatch.work_order.reported_back": _reported_back,
    "dispatch.work_order.delayed": lambda n, d: (
        f"{n.unit(d['unit'])} 说明暂不能办结，预计 {n.at(d['proposed_for'])} 办结，请首接窗口向诉求人说明"
    ),
    "dispatch.work_order.photo_read": lambda n, d: "查看办理照片（留痕）",
    "dispatch.work_order.photos_erased": lambda n, d: f"办理照片到期删除（{d['photos']} 张）",
    "dispatch.work_order.reopened": lambda n, d: f"退回 {n.unit(d['unit'])} 重办，第 {d['round']} 轮",
    "dispatch.deferral.asked": _asked,
    "dispatch.deferral.refused": lambda n, d: f"{n.unit(d['unit'])} 的{DEFERRALS[d['kind']]}申请未获批准",
    "dispatch.deferral.extended": lambda n, d: f"批准延期至 {n.at(d['extended_to'])}，原定 {n.at(d['due_at'])}",
    "dispatch.deferral.suspended": lambda n, d: f"批准挂账至 {n.at(d['until'])}，期间停止计时",
    "dispatch.deferral.resumed": lambda n, d: f"挂账结束，恢复计时，到期 {n.at(d['due_at'])}",
}
