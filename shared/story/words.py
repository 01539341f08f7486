"""The words of the trade for codes that stand in events."""

from collections.abc import Mapping

STAGES: Mapping[str, str] = {
    "accept": "受理",
    "dispatch": "派单",
    "contact": "联系诉求人",
    "sign_off": "签收",
    "return": "退单",
    "handle": "办理",
    "report_back": "办结反馈",
    "verify": "核查",
    "follow_up": "回访",
    "arrival": "到场",
    "deferral": "延期审批",
    "supervision": "督办回复",
}
SOURCES: Mapping[str, str] = {
    "window": "窗口受理",
    "superior_order": "上级交办",
    "platform_push": "平台推送",
    "grid_patrol": "网格巡查",
}
MODES: Mapping[str, str] = {"self": "自办", "forward": "转办"}
POSTS: Mapping[str, str] = {
    "liaison_officer": "联络员",
    "unit_lead": "分管领导",
    "duty_director": "轮值主任",
    "commander": "指挥长",
    "dispatcher": "调度员",
    "first_receiver": "首接窗口",
    "grid_worker": "网格员",
    "oversight_office": "效能办",
}


UNITS_OF_TIME: Mapping[str, str] = {
    "minute": "分钟",
    "hour": "小时",
    "working_minute": "分钟（办公时间）",
    "working_hour": "小时（办公时间）",
    "working_day": "个工作日",
    "calendar_day": "日",
    "month": "个月",
}


def limit_words(limit: str) -> str:
    """`5 working_day` -> 5 个工作日"""
    amount, _, unit = limit.partition(" ")
    return f"{amount} {UNITS_OF_TIME.get(unit, unit)}"


REASONS: Mapping[str, str] = {
    "not_our_duty": "不属本单位职责",
    "not_our_place": "不属本单位辖区",
    "facts_wrong": "事实有误",
    "in_court": "已进入诉讼",
    "emergency": "紧急警情，拨 110、119、120",
    "court": "应由法院处理",
    "arbitration": "应经仲裁",
    "under_way_elsewhere": "他处正在办理",
    "state_secret": "涉及国家秘密",
    "not_public": "不属公共事务",
    "returned": "已退单",
    "reopened": "已重办",
    "closed": "案件已办结",
    "not_accepted": "不予受理",
    "not_arrived": "未到场",
    "stood_down": "召集撤销",
    "case closed already": "案件已办结",
    "extended": "已延期",
    "suspended": "已挂账",
    "withdrawn": "工单已收回",
    "supervision_raised": "督办升级",
    "supervision_withdrawn": "督办撤回",
    "reported_back": "已反馈",
    "lapsed": "时限已过，自行失效",
    "not_owed": "核对发现已无此事项",
    "released": "协办解除",
    "joined": "已并案",
    "split": "已拆案",
    "surge_limit": "平战转换，改用战时时限",
    "limit_restored": "平战转换，恢复原时限",
}
STATES: Mapping[str, str] = {
    "registered": "待受理",
    "not_accepted": "不予受理",
    "handling": "办理中",
    "to_follow_up": "待回访",
    "to_explain": "待书面答复",
    "followed_up": "已回访",
    "closed": "办结",
}


def said(reason: str) -> str:
    return REASONS.get(reason, reason)


OUTCOMES: Mapping[str, str] = {
    "solved": "已解决",
    "partly": "部分解决",
    "explained": "已解释说明",
    "not_solved": "未解决",
    "not_found": "未找到现场",
    "unreachable": "多次未能联系上",
    "assembled": "全部到场",
    "incomplete": "未到齐",
    "stood_down": "撤销",
}

ASKED_BY: Mapping[str, str] = {"telephone": "电话", "visit": "上门", "message": "短信"}
MISSED: Mapping[str, str] = {"no_answer": "无人接听", "refused": "拒绝回访", "wrong_number": "号码有误"}
GOES_TO: Mapping[str, str] = {
    "first_receiver": "转首接窗口回访",
    "unit": "退回承办单位",
    "dispatcher": "请调度员补充地点",
}
REACHED: Mapping[str, str] = {"desk": "窗口席位", "liaison": "联络员"}
ORDER_ROLES: Mapping[str, str] = {"lead": "主办", "support": "协办"}
DESKS: Mapping[str, str] = {"dispatcher": "调度员", "duty_director": "轮值主任"}
CAUSES: Mapping[str, str] = {
    "released": "协办解除",
    "replaced": "改由其他单位协办",
    "rerouted": "按更正后的情况改派",
    "designated_elsewhere": "指定其他单位承办",
    "joined": "并入另一案件",
}
SUPERVISION_LEVELS: Mapping[str, str] = {"reminder": "督办提醒", "written_order": "督办单", "listed": "挂牌督办"}
SUPERVISION_STATES: Mapping[str, str] = {
    "open": "待回复",
    "answered": "待审核",
    "closed": "已销号",
    "withdrawn": "已撤回",
    "ended": "随案终止",
}
SUPERVISION_OUTCOMES: Mapping[str, str] = {
    "accepted": "回复通过",
    "improved": "整改到位",
    "not_accepted": "回复未通过",
    "unanswered": "未回复",
}
APPEAL_REASONS: Mapping[str, str] = {
    "not_reached": "未收到通知",
    "force_majeure": "不可抗力",
    "waited_for_others": "等待他方",
    "statutory_step": "法定程序所需",
    "clock_wrong": "计时有误",
}
APPEAL_STATES: Mapping[str, str] = {
    "made": "待轮值主任提出意见",
    "proposed": "待指挥长决定",
    "granted": "成立，不计考核",
    "refused": "不成立",
}
ADVICE: Mapping[str, str] = {"support": "建议支持", "oppose": "建议不予支持"}
REFERRAL_CAUSES: Mapping[str, str] = {
    "overdue": "严重超时",
    "unanswered": "督办不答",
    "absent": "吹哨未到",
    "reopened": "多次重办",
}
REFERRAL_STATES: Mapping[str, str] = {
    "proposed": "待指挥长决定",
    "not_referred": "不予移送",
    "referred": "已移送",
    "answered": "效能办已反馈",
    "closed": "办结",
    "dropped": "申诉成立，不再移送",
}
REFERRAL_RESULTS: Mapping[str, str] = {"held_to_account": "予以问责", "admonished": "提醒约谈", "no_fault": "不予追究"}
CONTACTS: Mapping[str, str] = {"telephone": "电话", "visit": "上门", "message": "信息"}
CENTRE_MODES: Mapping[str, str] = {
    "normal": "平时",
    "surge.I": "战时一级",
    "surge.II": "战时二级",
    "surge.III": "战时三级",
    "surge.IV": "战时四级",
}
DEFERRALS: Mapping[str, str] = {"extension": "延期", "suspension": "挂账"}
SUMMONS_GROUNDS: Mapping[str, str] = {"major": "重大", "urgent": "紧急", "difficult": "疑难", "disputed": "争议"}
ROSTERS: Mapping[str, str] = {
    "duty_director": "轮值主任",
    "presence": "轮驻在厅",
    "liaison": "联络员",
    "leader": "值班领导",
}
FINDINGS: Mapping[str, str] = {
    "missing": "应计时而未计时，已补",
    "dead": "已无此事项而仍在计时，已停",
    "ended": "尚未完成而计时已止",
}
NOTICE_WHYS: Mapping[str, str] = {
    "ladder": "",
    "rung_again": "（久未到场，再次提醒）",
    "nobody_reached": "（上一步无人收到，立即升级）",
    "cannot_come": "（不能到场，立即升级）",
}
UNREACHED: Mapping[str, str] = {
    "nobody_on_duty": "无人值班",
    "no_contact": "没有联系方式",
    "all_channels_failed": "各渠道均未送达",
}
FAILURES: Mapping[str, str] = {
    "refused": "对方拒收",
    "unreachable": "多次未能送达",
    "deadline": "到时仍未送出，改用下一渠道",
    "no_such_channel": "本中心未开通此渠道",
}
SKIPPED: Mapping[str, str] = {
    "arrived": "已到场",
    "acknowledged": "已答复",
    "stood_down": "召集已撤销",
    "ended": "召集已结束",
    "closed": "案件已办结",
    "signed_off": "已签收",
    "requester_contacted": "已联系诉求人",
    "reported_back": "已反馈",
    "withdrawn": "工单已收回",
    "answered": "督办已回复",
    "judged": "督办已销号",
    "raised": "督办已升级",
    "taken_back": "督办已撤回",
}
CHANNELS: Mapping[str, str] = {
    "inbox": "站内",
    "email": "邮件",
    "webhook": "接口推送",
    "apprise": "工作群",
    "sms": "短信",
    "voice": "电话",
}


def channel_words(channel: str) -> str:
    return CHANNELS.get(channel, "其他渠道")
