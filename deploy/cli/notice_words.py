"""How `muster notices` says what became of a message."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.notification import MessageState, MessageView, Unreached

ATTEMPTS_SHOWN = 5

STATES: Mapping[MessageState, str] = {
    MessageState.PENDING: "pending 待发",
    MessageState.SENDING: "sending 发送中",
    MessageState.SENT: "sent 已发",
    MessageState.DELIVERED: "delivered 已达",
    MessageState.FAILED: "failed 未达",
    MessageState.READ: "read 已读",
    MessageState.ANSWERED: "answered 已应答",
    MessageState.SKIPPED: "skipped 无需",
}

UNREACHED: Mapping[Unreached, str] = {
    Unreached.NOBODY_ON_DUTY: "nobody is on duty (无人值班): see muster duty",
    Unreached.NO_CONTACT: "the pack knows no such post: see muster centre",
    Unreached.ALL_CHANNELS_FAILED: "every channel was tried and failed: see the messages",
}

WHY_UNREACHABLE: Mapping[str, str] = {
    "no_contact": "no contact outside the program",
    "contact_failing": "its contact fails",
}

NEEDLESS: Mapping[str, str] = {
    "arrived": "already arrived (已到场)",
    "acknowledged": "already acknowledged (已应答)",
    "on_the_way": "already on the way (已出发)",
    "stood_down": "the summons was stood down (已撤销)",
    "not_arrived": "the summons had ended without it (未到场)",
    "assembled": "everybody had arrived (已到齐)",
    "incomplete": "the summons had ended",
    "signed_off": "already signed off (已签收)",
    "requester_contacted": "already spoken with the requester (已联系诉求人)",
    "reported_back": "already reported back (已反馈)",
    "returned": "the work order was returned (已退单)",
    "withdrawn": "the work order was withdrawn (已撤回)",
    "decided": "already decided (已审批)",
    "accepted": "the watch was taken over (已接班)",
}

NOTICE_KINDS: Mapping[str, str] = {
    "clock": "time limit 时限",
    "summons": "summons 吹哨",
    "cannot_come": "cannot come 不能到场",
    "stood_down": "stood down 撤销",
    "work_order": "work order 工单",
    "reopened": "reopened 重办",
    "designated": "designated 指定",
    "extension_asked": "extension asked 延期待批",
    "suspension_asked": "suspension asked 挂账待批",
    "extended": "extended 延期",
    "suspended": "suspended 挂账",
    "resumed": "resumed 恢复",
    "deferral_refused": "refused 未批",
    "duty_gap": "gap in the rota 值班空缺",
    "surge_begun": "surge 转为战时",
    "surge_over": "back to normal 恢复平时",
    "surge_prolonged": "surge prolonged 战时延长",
    "surge_ending": "surge ends soon 战时将到期",
    "surge_late": "surge past its end 战时已过期",
    "situation_report": "situation report 情况专报",
    "handover": "handover 交接",
    "supervision": "supervision order 督办",
    "supervision_again": "answer again 重新回复督办",
    "supervision_answered": "answer to judge 督办待审",
    "appeal_made": "appeal 申诉待提意见",
    "appeal_proposed": "appeal to decide 申诉待决定",
    "appeal_granted": "appeal granted 申诉成立",
    "appeal_refused": "appeal refused 申诉不成立",
    "referral_proposed": "referral to decide 移送待决定",
    "referred": "referred 问责移送",
}


def local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%m-%d %H:%M:%S}"


def why_of(message: MessageView, zone: ZoneInfo) -> str:
    """One sentence: what became of it, or what it waits for."""
    return _WHY[message.state](message, zone)


def history(message: MessageView, zone: ZoneInfo) -> Sequence[str]:
    """What each try came to, where there was more than one, or one that did not work. The last few of many."""
    worth_telling = len(message.attempts) > 1 or any(one.result != "handed_over" for one in message.attempts)
    if not worth_telling:
        return ()
    shown = message.attempts[-ATTEMPTS_SHOWN:]
    before = len(message.attempts) - len(shown)
    more = (f"  ({before} earlier tries)",) if before else ()
    return (*more, *(f"  {one.number}. {local(one.at, zone)} {one.result.replace('_', ' ')}" for one in shown))


def _pending(message: MessageView, zone: ZoneInfo) -> str:
    when = "" if message.next_try_at is None else f", next try {local(message.next_try_at, zone)}"
    return f"waits{when}" + (f": {message.why}" if message.why else "")


def _sent(message: MessageView, zone: ZoneInfo) -> str:
    when = "" if message.sent_at is None else f" {local(message.sent_at, zone)}"
    return f"the channel took it{when}; no receipt yet"


def _arrived(message: MessageView, zone: ZoneInfo) -> str:
    when = message.delivered_at or message.read_at or message.sent_at
    read = "" if message.read_at is None else f", read {local(message.read_at, zone)}"
    return f"arrived{'' if when is None else f' {local(when, zone)}'}{read}"


def _failed(message: MessageView, _zone: ZoneInfo) -> str:
    return message.why or "given up"


def _skipped(message: MessageView, _zone: ZoneInfo) -> str:
    return f"not needed: {NEEDLESS.get(message.why or '', message.why or 'nothing was left to say')}"


_WHY: Mapping[MessageState, Callable[[MessageView, ZoneInfo], str]] = {
    MessageState.PENDING: _pending,
    MessageState.SENDING: lambda _message, _zone: "is being handed over",
    MessageState.SENT: _sent,
    MessageState.DELIVERED: _arrived,
    MessageState.READ: _arrived,
    MessageState.ANSWERED: _arrived,
    MessageState.FAILED: _failed,
    MessageState.SKIPPED: _skipped,
}
