"""The words of rules: parts of a pack, their fields, the codes in them, and what is wrong with a field."""

from collections.abc import Mapping

from shared.story.words import CENTRE_MODES, SUPERVISION_LEVELS, UNITS_OF_TIME

RULE_TABS: Mapping[str, str] = {
    "units": "部门",
    "places": "辖区",
    "categories": "类别",
    "limits": "办理时限",
    "rules": "派单规则",
    "calendar": "日历",
    "others": "其他规定",
}
SECTIONS: Mapping[str, str] = {
    "units": "进驻部门",
    "windows": "窗口",
    "townships": "乡镇",
    "grids": "网格",
    "categories": "事项类别",
    "flags": "情形标记",
    "limits": "办理时限",
    "ladders": "升级阶梯",
    "rules": "职责与属地规则",
    "fallbacks": "属地兜底",
    "response_plans": "出动预案",
    "holiday_years": "节假日安排",
    "closures": "本地停办",
    "openings": "本地加班",
    "office_hours": "办公时间",
    "holidays": "单独放假日",
    "extra_workdays": "单独上班日",
    "triage": "人工分派",
    "directors": "轮值主任单位",
    "handing": "退单与流转",
    "deferrals": "延期与挂账",
    "duplicates": "重复事项",
    "accountability": "问责",
    "closed_loop": "闭环处置",
    "modes": "平战转换",
    "name": "规则包代码",
    "centre": "中心代码",
    "title": "中心名称",
    "timezone": "时区",
}
PACK_FIELDS: Mapping[str, str] = {
    "code": "代码",
    "name": "名称",
    "short": "简称",
    "aliases": "别名",
    "kind": "性质",
    "presence": "进驻方式",
    "territory": "属地乡镇",
    "liaison.code": "联络员岗位代码",
    "liaison.title": "联络员岗位",
    "liaison.contact": "联络员联系地址",
    "lead.code": "分管领导岗位代码",
    "lead.title": "分管领导岗位",
    "lead.contact": "分管领导联系地址",
    "liaison": "联络员",
    "lead": "分管领导",
    "unit": "部门或单位",
    "sample": "样例地点",
    "township": "所属乡镇",
    "parent": "上级类别",
    "keywords": "关键词",
    "id": "编号",
    "stage": "环节",
    "stages": "环节",
    "statutory": "法定时限",
    "amount": "数值",
    "style": "计法",
    "categories": "事项类别",
    "levels": "等级",
    "level": "等级",
    "modes": "平战",
    "warn_percent": "提醒（用时 %）",
    "source": "文件依据",
    "note": "备注",
    "steps": "步骤",
    "places": "地点",
    "sources": "来源",
    "flags": "情形标记",
    "days": "日子",
    "opens": "自几点",
    "closes": "至几点",
    "valid_from": "自哪天起",
    "valid_until": "至哪天止",
    "supporters": "协办",
    "reason": "理由",
    "units": "出动单位",
    "why": "为何",
    "year": "年份",
    "notice": "通知文号",
    "days_off": "放假",
    "workdays": "调休上班",
    "from_": "自",
    "to": "至",
    "townships": "限于乡镇",
}
FIELDS_OF_PARTS: Mapping[str, str] = {"limits.unit": "时间单位", "rules.unit": "主办", "windows.unit": "值守单位"}
"""Where a field means something of its own in one part."""

UNIT_KINDS: Mapping[str, str] = {
    "department": "职能部门",
    "company": "公司",
    "township": "乡镇",
    "court": "法院",
    "centre": "中心",
}
PRESENCES: Mapping[str, str] = {"resident": "常驻", "rotating": "轮驻", "on_call": "随驻"}
WINDOW_KINDS: Mapping[str, str] = {"fixed": "固定", "flexible": "灵活"}
GRID_KINDS: Mapping[str, str] = {"village": "村级网格", "unit": "单元网格", "micro": "微网格"}
PACK_MODES: Mapping[str, str] = {**CENTRE_MODES, "surge": "战时各级"}
TIME_UNITS: Mapping[str, str] = UNITS_OF_TIME
COUNTING: Mapping[str, str] = {"statute": "次日起算，至末日下班", "elapsed": "自即刻起算"}
DAY_KINDS: Mapping[str, str] = {"all": "每天", "workdays": "工作日", "days_off": "休息日"}
ORDER_LEVELS: Mapping[str, str] = SUPERVISION_LEVELS
ANYWHERE: Mapping[str, str] = {"*": "全部", "territory": "属地乡镇"}
"""What is no code of the pack, but stands where one may."""

CHANGE_KINDS: Mapping[str, str] = {"added": "新增", "changed": "修改", "removed": "删除", "order": "顺序调整"}
DRAFT_STATES: Mapping[str, str] = {
    "drafted": "待批准",
    "approved": "已批准，待生效",
    "in_force": "已生效",
    "withdrawn": "已撤回",
    "overtaken": "已被取代，未启用",
}
COMPARED: Mapping[str, str] = {
    "owner": "主办",
    "supporters": "协办",
    "sign_off": "签收",
    "return": "退单",
    "handle": "办理",
    "report_back": "办结反馈",
}
FIELD_FAULTS: Mapping[str, str] = {
    "missing": "必须填写",
    "literal_error": "不在可选范围内",
    "string_pattern_mismatch": "只能用小写字母、数字和 . - _",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "too_short": "至少填一项",
    "int_parsing": "要填整数",
    "int_type": "要填整数",
    "date_parsing": "日期写作 2026-12-01",
    "date_from_datetime_parsing": "日期写作 2026-12-01",
    "time_parsing": "时间写作 08:00",
    "greater_than_equal": "数值太小",
    "less_than_equal": "数值太大",
    "extra_forbidden": "没有这个字段",
    "yaml": "YAML 写法有误",
    "value_error": "不合要求",
}
OTHER_FAULT = "不合要求"

# (part, field) or field -> the table of the codes that may stand there.
CHOICES: Mapping[str, str] = {
    "units.kind": "UNIT_KINDS",
    "windows.kind": "WINDOW_KINDS",
    "grids.kind": "GRID_KINDS",
    "presence": "PRESENCES",
    "stage": "STAGES",
    "stages": "STAGES",
    "level": "LEVELS",
    "levels": "LEVELS",
    "modes": "PACK_MODES",
    "sources": "SOURCES",
    "limits.unit": "TIME_UNITS",
    "style": "COUNTING",
    "days": "DAY_KINDS",
}
TABLES = (
    *(
        RULE_TABS,
        SECTIONS,
        PACK_FIELDS,
        FIELDS_OF_PARTS,
        UNIT_KINDS,
        PRESENCES,
        WINDOW_KINDS,
        GRID_KINDS,
        PACK_MODES,
        TIME_UNITS,
    ),
    *(COUNTING, DAY_KINDS, ORDER_LEVELS, ANYWHERE, CHANGE_KINDS, DRAFT_STATES, COMPARED, FIELD_FAULTS),
)


def field_word(section: str, field: str) -> str:
    """In Chinese, as it heads a column of a file and stands beside a field."""
    return FIELDS_OF_PARTS.get(f"{section}.{field}") or PACK_FIELDS.get(field, field)


def choice_table(section: str, field: str) -> str | None:
    """The name of the table of words for what is chosen in a field; None where it is not a fixed set."""
    return CHOICES.get(f"{section}.{field}") or CHOICES.get(field.rpartition(".")[2])
