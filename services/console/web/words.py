"""The words of the trade for codes: Chinese, which is also the key of their translation (locale/en.po)."""

from collections.abc import Mapping

from services.console.web import figure_words, roster_words, rule_words
from services.console.web.roster_words import (
    CHANNEL_WORDS,
    OVERRIDE_ACTS,
    OVERRIDE_EFFECTS,
    ROSTER_KINDS,
    STAFF_STATES,
    SWAP_STATES,
    UNREACHABLE,
    WEEK_DAYS,
)
from services.console.web.rule_words import (
    ANYWHERE,
    CHANGE_KINDS,
    COMPARED,
    COUNTING,
    DAY_KINDS,
    DRAFT_STATES,
    FIELD_FAULTS,
    GRID_KINDS,
    OTHER_FAULT,
    PACK_FIELDS,
    PACK_MODES,
    PRESENCES,
    RULE_TABS,
    SECTIONS,
    TIME_UNITS,
    UNIT_KINDS,
    WINDOW_KINDS,
)
from shared.story import words as told

# -- told alike in a case's story and on every screen: one table for both ----------------------------------------------

STAGES: Mapping[str, str] = told.STAGES
POSTS: Mapping[str, str] = told.POSTS
SOURCES: Mapping[str, str] = told.SOURCES
CASE_STATES: Mapping[str, str] = told.STATES
GROUNDS: Mapping[str, str] = told.SUMMONS_GROUNDS
CONTACTS: Mapping[str, str] = told.CONTACTS
FOLLOW_UP_KINDS: Mapping[str, str] = told.ASKED_BY
MISSES: Mapping[str, str] = told.MISSED
REPORTS: Mapping[str, str] = {code: told.OUTCOMES[code] for code in ("solved", "partly", "explained")}
FINDS: Mapping[str, str] = {code: told.OUTCOMES[code] for code in ("solved", "partly", "not_solved", "not_found")}
RETURNS: Mapping[str, str] = {
    code: told.REASONS[code] for code in ("not_our_duty", "not_our_place", "facts_wrong", "in_court")
}
DEFERRALS: Mapping[str, str] = told.DEFERRALS
SUPERVISION_LEVELS: Mapping[str, str] = told.SUPERVISION_LEVELS
SUPERVISION_OUTCOMES: Mapping[str, str] = told.SUPERVISION_OUTCOMES
APPEAL_REASONS: Mapping[str, str] = told.APPEAL_REASONS
APPEAL_STATES: Mapping[str, str] = told.APPEAL_STATES
SUPERVISION_STATES: Mapping[str, str] = told.SUPERVISION_STATES
ADVICE: Mapping[str, str] = told.ADVICE
REFERRAL_CAUSES: Mapping[str, str] = told.REFERRAL_CAUSES
REFERRAL_STATES: Mapping[str, str] = told.REFERRAL_STATES
REFERRAL_RESULTS: Mapping[str, str] = told.REFERRAL_RESULTS
CENTRE_MODES: Mapping[str, str] = told.CENTRE_MODES
CHANNELS: Mapping[str, str] = told.CHANNELS

# -- the console's own -------------------------------------------------------------------------------------------------

__all__ = [
    "ANYWHERE",
    "CHANGE_KINDS",
    "CHANNEL_WORDS",
    "COMPARED",
    "COUNTING",
    "DAY_KINDS",
    "DRAFT_STATES",
    "FIELD_FAULTS",
    "GRID_KINDS",
    "OTHER_FAULT",
    "OVERRIDE_ACTS",
    "OVERRIDE_EFFECTS",
    "PACK_FIELDS",
    "PACK_MODES",
    "PRESENCES",
    "ROSTER_KINDS",
    "RULE_TABS",
    "SECTIONS",
    "STAFF_STATES",
    "SWAP_STATES",
    "TIME_UNITS",
    "UNIT_KINDS",
    "UNREACHABLE",
    "WEEK_DAYS",
    "WINDOW_KINDS",
]

ROLES: Mapping[str, str] = {
    "intake_clerk": "受理员",
    "dispatcher": "调度员",
    "duty_director": "轮值主任",
    "commander": "指挥长",
    "deputy_commander": "副指挥长",
    "liaison_officer": "联络员",
    "unit_lead": "分管领导",
    "handler": "承办人",
    "grid_worker": "网格员",
    "command_room": "指挥大厅",
    "administrator": "系统管理员",
    "oversight_office": "效能办",
}
ROW_STAGES: Mapping[str, str] = {
    "accept": "待受理",
    "dispatch": "待分派",
    "sign_off": "待签收",
    "handle": "办理中",
    "support": "待协办反馈",
    "verify": "待核实",
    "follow_up": "待回访",
    "close": "待办结",
    "suspended": "挂账",
    "joined": "已并案",
    "over": "已了结",
}
LAMPS: Mapping[str, str] = {"calm": "正常", "soon": "临期", "late": "超期"}
LEVELS: Mapping[str, str] = {"I": "I级", "II": "II级", "III": "III级", "IV": "IV级"}
UNIT_STATES: Mapping[str, str] = {
    "named": "待批准",
    "called": "未响应",
    "acknowledged": "已收到",
    "on_the_way": "途中",
    "substitute_sent": "换人前来",
    "cannot_come": "不能到场",
    "arrived": "已到场",
    "not_arrived": "未到场",
    "stood_down": "已撤销",
}
UNIT_SIGNS: Mapping[str, str] = {
    "named": "…",
    "called": "!",
    "acknowledged": "✓",
    "on_the_way": "→",
    "substitute_sent": "⇄",
    "cannot_come": "×",
    "arrived": "✔",
    "not_arrived": "×",
}
"""Signs are the same in every language."""

SUMMONS_STATES: Mapping[str, str] = {
    "asked": "待批准",
    "running": "召集中",
    "refused": "未批准",
    "assembled": "全部到场",
    "incomplete": "未到齐",
    "stood_down": "已撤销",
}
WAITING: Mapping[str, str] = {
    "summons": "批准召集",
    "drill": "批准演练",
    "dispute": "职责裁定",
    "triage": "待分派",
    "accept": "待受理",
    "support": "协办退单",
    "proposal": "审定改派",
    "deferral": "审批延期挂账",
    "answer": "评定督办回复",
    "unanswered": "督办逾期未复",
    "raised": "提请督办",
    "unfound": "补充地点",
    "appeal": "申诉",
    "referral": "问责移送",
    "handover": "接班",
    "rules": "批准规则",
}
EVIDENCE: Mapping[str, str] = {
    "event": "记录",
    "clock": "超期时限",
    "supervision_order": "督办单",
    "summons": "召集记录",
    "work_order": "工单",
}
LANES: Mapping[str, str] = {
    "dispatch": "待分派",
    "all": "全部在办",
    "sign_off": "待签收",
    "soon": "临期",
    "late": "超期",
    "verify": "待核实回访",
}
SERVICES: Mapping[str, str] = {
    "intake": "受理",
    "dispatch": "调度",
    "escalation": "计时",
    "notification": "通知",
    "console": "工作台",
}
DECLINE_REASONS: Mapping[str, str] = {
    "emergency": "紧急警情",
    "court": "已进入或应进入诉讼程序",
    "arbitration": "应通过仲裁解决",
    "under_way_elsewhere": "其他机关正在办理",
    "state_secret": "涉及国家秘密",
    "not_public": "不属于公共服务事项",
}
LEGAL_CHANNELS: Mapping[str, str] = {
    "emergency": "立即拨打 110、119 或 120",
    "court": "向人民法院起诉，或在原诉讼程序中提出",
    "arbitration": "向有管辖权的仲裁委员会申请仲裁",
    "under_way_elsewhere": "由正在办理的机关继续办理并答复",
    "state_secret": "按保密规定向有权机关当面反映",
    "not_public": "协商、人民调解或其他法律途径",
}
"""What the person is told at the window for each reason; a clerk may say it more exactly."""

SATISFACTION: Mapping[str, str] = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}
CAUSES: Mapping[str, str] = {
    "unit": "部门未办好（退回重办）",
    "lawful_result": "依法办理，对结果不满",
    "other": "其他",
}
PROGRESS: Mapping[str, str] = {
    "intake.case.registered": "已登记",
    "intake.case.accepted": "已受理",
    "intake.case.not_accepted": "不予受理，渠道已当面告知",
    "intake.case.joined": "与同一事项合并办理",
    "intake.case.split": "单独办理",
    "dispatch.work_order.dispatched": "已转承办部门",
    "dispatch.work_order.signed_off": "承办部门已签收",
    "dispatch.work_order.reported_back": "承办部门已反馈",
    "escalation.verification.recorded": "已核实",
    "intake.case.handled": "窗口已答复",
    "intake.case.followed_up": "已回访",
    "intake.case.reopened": "已退回重办",
    "intake.case.closed": "已办结",
}
"""All that a person with a receipt is shown of a case: these words and their dates, nothing else of any event."""

SIMILAR_REASONS: Mapping[str, str] = {
    "same_category": "同类事项",
    "related_category": "相近事项",
    "same_place": "同一地点",
    "near_place": "邻近地点",
    "same_contact": "同一联系方式",
}
LANGUAGE_NAMES: Mapping[str, str] = {"zh": "中文", "en": "English"}

ROUTED_BY: Mapping[str, str] = {
    "rule": "按规则",
    "fallback": "属地兜底",
    "triage": "无规则可依，待人工分派",
    "person": "人工分派",
    "designation": "指定承办",
}
SHIFTS: Mapping[str, str] = {"primary": "主班", "backup": "副班"}
WEEKDAYS: Mapping[str, str] = {day: f"周{day}" for day in "一二三四五六日"}

FIGURE_HEADS: Mapping[str, str] = figure_words.HEADS
FIGURE_LISTS: Mapping[str, str] = figure_words.LISTS
FIGURE_TABLES: Mapping[str, str] = figure_words.TABLES
FIGURE_VERDICTS: Mapping[str, str] = figure_words.VERDICTS
FIGURE_ASKED: Mapping[str, str] = figure_words.ASKED
FIGURE_CLOSED_AS: Mapping[str, str] = figure_words.CLOSED_AS
FIGURE_REOPENED_FOR: Mapping[str, str] = figure_words.REOPENED_FOR
FIGURE_NOTHING: Mapping[str, str] = figure_words.NOTHING
FIGURE_OTHERS: Mapping[str, str] = figure_words.OTHERS
FIGURE_STEPS: Mapping[str, str] = figure_words.STEPS
FIGURE_PERIODS: Mapping[str, str] = figure_words.PERIODS
WALL_WORDS: Mapping[str, str] = figure_words.WALL

REFUSALS: Mapping[str, str] = {
    "sign_in_failed": "账号、密码或验证码不正确",
    "sign_in_delayed": "失败次数较多，请稍候再试",
    "second_factor_needed": "请再输入验证器上的六位代码",
    "password_too_weak": "密码不合要求：至少 12 位，不含账号名，不用常见密码",
    "forged_request": "页面已过期，请重新打开本页后再提交",
    "not_allowed": "您的岗位没有这项权限",
    "not_found": "没有找到",
    "case_changed_meanwhile": "此件刚被他人更改，请核对后再办",
    "no_centre_pack": "本中心尚未启用规则包",
    "summons_ended": "这次召集已经结束",
    "too_fast": "操作太频繁，请稍候再试",
    "invalid_input": "填写内容不合要求",
    "receipt_unknown": "编号或查询码不对，请照回执再输一次",
    "too_many_looks": "查询过于频繁，请过几分钟再试",
    "why_missing": "请写明理由：对方须知道为什么",
    "too_large": "内容过大：照片一次合计不超过 24 MB，其他内容不超过 1 MB",
    "bad_request": "提交的内容不完整，或一次提交的文件过多，请返回重试",
    "photo_too_large": "照片过大：单张不超过 15 MB，请改小后再试",
    "photo_not_a_photo": "这不是照片：只收 JPEG、PNG、WebP 图片，空文件和改了名的文件不收",
    "photo_too_many_pixels": "照片像素过多，请用普通相机重拍或改小",
    "photo_broken": "照片不完整，读不到末尾，请重拍或重新选择",
    "photo_unfit": "照片不合要求",
    "photo_too_many": "照片张数过多，请减少后再试",
    "time_unread": "看不懂这个时间，请写成：明天17点、3个工作日、12-05 16:30",
    "entry_key_taken": "这个代码已被另一项使用",
    "sheet_changed_meanwhile": "草案刚在另一个窗口改过，请重新打开本页再改",
    "sheet_unreadable": "文件读不出来：请用本页下载的格式，存为 CSV（UTF-8 或 GBK）或 XLSX",
    "wall_unknown": "此大屏地址不存在或已停用",
    "wall_name_taken": "已有同名大屏，请先停用",
    "period_wrong": "期间不成立：日期写作 2026-11-01，止不早于起，最长三年",
    "filter_unknown": "筛选条件里有本中心没有的代码",
    "ending_incomplete": "请写明当场答复了什么，或选择不予受理的理由",
}
"""What a refusal means in the trade's words, by its code. Others are told as the service put them."""

YES_NO: Mapping[str, str] = {"yes": "是", "no": "否"}

TABLES = (
    *(FIGURE_HEADS, FIGURE_LISTS, FIGURE_TABLES, FIGURE_VERDICTS, FIGURE_ASKED, FIGURE_CLOSED_AS),
    *(FIGURE_REOPENED_FOR, FIGURE_NOTHING, FIGURE_OTHERS, FIGURE_STEPS, FIGURE_PERIODS, WALL_WORDS),
    *(ROLES, ROW_STAGES, LAMPS, LEVELS, UNIT_STATES, LANES, SERVICES, CASE_STATES, SOURCES),
    *(SHIFTS, WEEKDAYS),
    *(STAGES, POSTS, GROUNDS, REFUSALS, CONTACTS, REPORTS, RETURNS, FINDS),
    *(DECLINE_REASONS, LEGAL_CHANNELS, SIMILAR_REASONS, PROGRESS),
    *(SATISFACTION, CAUSES, FOLLOW_UP_KINDS, MISSES),
    *(DEFERRALS, SUPERVISION_LEVELS, SUPERVISION_STATES, SUPERVISION_OUTCOMES, CENTRE_MODES, CHANNELS, ROUTED_BY),
    *(
        WAITING,
        EVIDENCE,
        SUMMONS_STATES,
        APPEAL_REASONS,
        APPEAL_STATES,
        ADVICE,
        REFERRAL_CAUSES,
        REFERRAL_STATES,
        REFERRAL_RESULTS,
    ),
    *(*rule_words.TABLES, *roster_words.TABLES, YES_NO),
)
"""Whose values are messages; a test compares them with the catalogues."""


def choice_words(table: str) -> Mapping[str, str]:
    """The words of a table by its name, in Chinese: as they stand in files, which are read again."""
    return globals()[table]
