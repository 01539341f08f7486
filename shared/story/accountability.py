"""Supervision orders, appeals against overdue clocks, referrals to the oversight office."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller
from shared.story.words import (
    ADVICE,
    APPEAL_REASONS,
    REFERRAL_CAUSES,
    REFERRAL_RESULTS,
    STAGES,
    SUPERVISION_LEVELS,
    SUPERVISION_OUTCOMES,
)


def _order(names: Names, data: Data) -> str:
    return f"{names.unit(data['unit'])} 的{SUPERVISION_LEVELS[data['level']]}"


def _called(names: Names, data: Data) -> str:
    who, stage = names.unit(data["owes"]), STAGES[data["stage"]]
    if data["action"] == "refer":
        return f"{who}〔{stage}〕超时已到问责线"
    return f"{who}〔{stage}〕超时，应发{SUPERVISION_LEVELS[data['level'] or 'reminder']}"


def _issued(names: Names, data: Data) -> str:
    by = "催办阶梯" if data["clock"] and not data["instead_of"] else "人工"
    raised = "（由上一级升级）" if data["instead_of"] else f"（{by}）"
    level = SUPERVISION_LEVELS[data["level"]]
    return f"督办：向 {names.unit(data['unit'])} 发{level}{raised}，{names.at(data['due_at'])} 前回复"


def _sent_back(names: Names, data: Data) -> str:
    return f"{_order(names, data)}：回复未通过，第 {data['round']} 次回复限 {names.at(data['due_at'])} 前"


def _raised(names: Names, data: Data) -> str:
    outcome, level = SUPERVISION_OUTCOMES[data["outcome"]], SUPERVISION_LEVELS[data["raised_to"]]
    return f"{_order(names, data)}：{outcome}，升级为{level}"


def _ended(names: Names, data: Data) -> str:
    return f"{_order(names, data)}：案件已了结，督办随之终止（{'已' if data['answered'] else '未'}回复）"


def _appeal(names: Names, data: Data) -> str:
    return f"{names.unit(data['unit'])} 对〔{STAGES[data['stage']]}〕超时的申诉"


def _made(names: Names, data: Data) -> str:
    return f"{_appeal(names, data)}（{APPEAL_REASONS[data['reason']]}）"


def _referral(names: Names, data: Data) -> str:
    return f"{names.unit(data['unit'])} 问责移送（{REFERRAL_CAUSES[data['cause']]}）"


TELLERS: Mapping[str, Teller] = {
    "escalation.ladder.called": _called,
    "escalation.supervision.issued": _issued,
    "escalation.supervision.answered": lambda n, d: f"{_order(n, d)}：第 {d['round']} 次回复",
    "escalation.supervision.sent_back": _sent_back,
    "escalation.supervision.closed": lambda n, d: f"{_order(n, d)}：{SUPERVISION_OUTCOMES[d['outcome']]}，销号",
    "escalation.supervision.raised": _raised,
    "escalation.supervision.withdrawn": lambda n, d: f"{_order(n, d)}：撤回",
    "escalation.supervision.ended": _ended,
    "escalation.appeal.made": _made,
    "escalation.appeal.proposed": lambda n, d: f"{_appeal(n, d)}：轮值主任{ADVICE[d['advice']]}",
    "escalation.appeal.granted": lambda n, d: f"{_appeal(n, d)}成立：不计入考核，超时记录保留",
    "escalation.appeal.refused": lambda n, d: f"{_appeal(n, d)}不成立",
    "escalation.referral.proposed": lambda n, d: f"建议：{_referral(n, d)}，证据 {len(d['evidence'])} 项",
    "escalation.referral.decided": lambda n, d: f"{_referral(n, d)}：{'移送效能办' if d['referred'] else '不予移送'}",
    "escalation.referral.answered": lambda n, d: f"{_referral(n, d)}：效能办反馈，{REFERRAL_RESULTS[d['result']]}",
    "escalation.referral.closed": lambda n, d: f"{_referral(n, d)}：办结",
    "escalation.referral.dropped": lambda n, d: f"{_referral(n, d)}：申诉成立，不再移送",
}
