"""What the proof finds wrong with a pack, in Chinese, by the form of its sentence; without a form here it stays."""

from collections.abc import Mapping

from services.console.web.sentences import QUOTED, Sentences
from shared.centre.errors import Fault

NOUNS: Mapping[str, str] = {
    "unit": "部门",
    "category": "事项类别",
    "place": "地点",
    "township": "乡镇",
    "flag": "情形标记",
    "post": "岗位",
    "code": "代码",
    "id": "编号",
    "roster": "排班",
    "level": "等级",
    "measure": "措施",
    "worked": "上班",
    "off": "休息",
    "no level": "没有等级",
    "a level but no order": "有等级却没有督办",
    **dict(
        zip(
            ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
            ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
            strict=True,
        )
    ),
}
FORMS: tuple[tuple[str, str], ...] = (
    (rf"the (\w+) {QUOTED} is not known", "{0}“{1}”不存在"),
    (rf"the (\w+) {QUOTED} is used twice.*", "{0}“{1}”重复"),
    (rf"the (\w+) {QUOTED} stands there twice", "{0}“{1}”写了两次"),
    (rf"nobody owns the category {QUOTED} at (\d+) places \((.*?)\).*", "事项“{0}”在 {1} 个地点无人负责（{2}）"),
    (
        rf"the rule {QUOTED} is never reached: (.*) above it already take all it names",
        "规则“{0}”永远轮不到：上面的 {1} 已全部包含",
    ),
    (rf"the rule {QUOTED} is valid from (\S+) only until (\S+)", "规则“{0}”起止日期颠倒：{1} 至 {2}"),
    (rf"the rule {QUOTED} opens and closes at (\S+), so it never holds", "规则“{0}”起止时间相同（{1}），永不适用"),
    (rf"{QUOTED} both leads and supports by the rule {QUOTED}", "规则“{1}”中“{0}”既主办又协办"),
    (
        r"(\d+) rules with hours, days or dates compete for one matter at one place: (.*)",
        "{0} 条限定时段的规则争同一事项同一地点：{1}",
    ),
    (
        rf"rules hand cases of {QUOTED} to the territory, but no unit answers for it",
        "有规则把“{0}”的事项交属地，但没有部门负责该属地",
    ),
    (rf"{QUOTED} and {QUOTED} both answer for the territory {QUOTED}", "“{0}”和“{1}”都负责属地“{2}”"),
    (rf"the township unit {QUOTED} has no territory", "乡镇部门“{0}”没有填属地乡镇"),
    (rf"the name {QUOTED} of {QUOTED} already belongs to {QUOTED}", "“{1}”的名称“{0}”已被“{2}”使用"),
    (
        rf"category {QUOTED} names the parent {QUOTED}, its code says {QUOTED}",
        "类别“{0}”的上级写作“{1}”，按代码应为“{2}”",
    ),
    (rf"category {QUOTED} is (\d+) levels deep", "类别“{0}”有 {1} 级，太深"),
    (
        rf"the contact of the post {QUOTED} is neither a placeholder nor another post",
        "岗位“{0}”的联系地址须为占位地址或另一岗位，不能写真实号码",
    ),
    (rf"the stage {QUOTED} has no general limit", "环节“{0}”缺少通用时限"),
    (rf"the stage {QUOTED} has no ladder", "环节“{0}”缺少升级阶梯"),
    (rf"the stage {QUOTED} is in the ladders {QUOTED} and {QUOTED}", "环节“{0}”同时在阶梯“{1}”和“{2}”中"),
    (
        rf"the limits {QUOTED} and {QUOTED} hold for the same stage, category, level and mode",
        "时限“{0}”与“{1}”适用范围完全相同",
    ),
    (rf"the limit {QUOTED} of (-?\d+) (\w+) is not a usable length of time", "时限“{0}”的长度（{1}）不可用"),
    (rf"the limit {QUOTED} warns at (.*) percent", "时限“{0}”的提醒百分比有误：{1}"),
    (rf"the statutory limit {QUOTED} names no categories", "法定时限“{0}”没有写明事项类别"),
    (rf"the arrival limit {QUOTED} stops with office hours", "到场时限“{0}”不能按办公时间计"),
    (rf"the arrival ladder {QUOTED} never ends", "到场阶梯“{0}”没有终点"),
    (rf"a step of the ladder {QUOTED} tells nobody and does nothing", "阶梯“{0}”有一步既不通知也不动作"),
    (r"the office hours of (\w+) run backwards or overlap", "{0} 的办公时间颠倒或重叠"),
    (r"the office hours run backwards or overlap", "办公时间颠倒或重叠"),
    (r"the days run from (\S+) back to (\S+)", "日期颠倒：自 {0} 至 {1}"),
    (r"the days from (\S+) to (\S+) are more than a year", "{0} 至 {1} 超过一年"),
    (r"(\S+) is a day of another year than (\d+)", "{0} 不在 {1} 年"),
    (r"(\S+) is both a day off and a make-up workday", "{0} 既是放假日又是调休上班日"),
    (r"(\S+) is both a holiday and an extra workday", "{0} 既是放假日又是上班日"),
    (r"(\S+) is listed twice.*", "{0} 写了两次"),
    (r"the year (\d+) is given twice.*", "{0} 年写了两次"),
    (r"the make-up workday (\S+) is a (\w+), which is worked in any case", "调休上班日 {0} 是{1}，本来就上班"),
    (r"(\S+) is (worked|off) here, but (worked|off) as published", "{0} 这里写的是{1}，公布的是{2}"),
    (r"(\S+) \((.*)\) is no day off here, though the regulation makes it one", "{0}（{1}）按规定放假，这里没有写"),
    (r"(\S+) has two reasons", "{0} 写了两个事由"),
    (r"(\S+) has a reason but is on neither list", "{0} 写了事由，却不在任何一个名单里"),
    (r"two seasons of the office hours both hold on (\S+)", "{0} 同时适用两套季节办公时间"),
    (
        r"a case may go to (\d+) units, but the duty director decides only after (\d+) returns",
        "一件至多转 {0} 个部门，却要退单 {1} 次才由轮值主任裁定",
    ),
    (rf"the rule {QUOTED} names {QUOTED} twice", "规则“{0}”把“{1}”写了两次"),
    (rf"the response plan {QUOTED} names {QUOTED} twice", "出动预案“{0}”把“{1}”写了两次"),
    (rf"the rule {QUOTED} has its line number written by hand", "规则“{0}”的行号不用手写"),
    (
        rf"{QUOTED} cannot be a unit's code: in a rule it means the township unit of the place",
        "“{0}”不能作部门代码：在规则里它指事发地的乡镇部门",
    ),
    (
        rf"the limit {QUOTED} counts (\w+) elapsed, which they are in any case",
        "时限“{0}”的 {1} 本来就连续计，不用写计法",
    ),
    (rf"a step of the ladder {QUOTED} is (-?\d+) minutes away", "阶梯“{0}”有一步隔 {1} 分钟，不可用"),
    (
        rf"a step of the ladder {QUOTED} counts from an acknowledgement, which only a summons has",
        "阶梯“{0}”有一步从收到起计，只有召集才有收到",
    ),
    (
        rf"a step of the ladder {QUOTED} counts from the acknowledgement and is off once acknowledged",
        "阶梯“{0}”有一步从收到起计，收到后又不执行",
    ),
    (rf"a step of the ladder {QUOTED} has (no level|a level but no order)", "阶梯“{0}”有一步{1}"),
    (
        rf"the ladder {QUOTED} supervises the stage {QUOTED}, which is no unit's to finish",
        "阶梯“{0}”督办环节“{1}”，而该环节不由部门办理",
    ),
    (rf"the ladder {QUOTED} supervises before the time is up", "阶梯“{0}”未到期就督办"),
    (
        rf"the ladder {QUOTED} orders {QUOTED} after an order that weighs as much or more",
        "阶梯“{0}”先已有同级或更重的督办，再写“{1}”",
    ),
    (rf"the roster {QUOTED} stands in for itself at level (\w+)", "{1} 级战时排班“{0}”顶替的是自己"),
    (rf"level (\w+) calls upon {QUOTED} grids, but the centre has none", "{0} 级启用“{1}”类网格，本中心却没有"),
    (
        rf"level (\w+) opens the stage {QUOTED}, but no limit or ladder names a mode for it",
        "{0} 级改变在办环节“{1}”，却没有为它写战时时限或阶梯",
    ),
    (rf"([^:]*): the field {QUOTED} is not known", "{0}：没有“{1}”这一项"),
    (rf"([^:]*): the field {QUOTED} is missing", "{0}：缺少“{1}”"),
    (r"([^:]*): (.*) is not a text", "{0}：{1} 不是文字"),
    (r"([^:]*): (.*) is not a code", "{0}：{1} 不能作代码（小写字母、数字，中间可用 . - _）"),
    (r"([^:]*): it is empty", "{0}：没有填写"),
    (r"([^:]*): (.*) is too short", "{0}：{1} 太短"),
    (r"([^:]*): (.*) does not fit \((.*)\)", "{0}：{1} 不合规定（{2}）"),
)
IN_CHINESE = Sentences(FORMS, NOUNS)


def fault_words(fault: Fault) -> str | None:
    """None where there is no Chinese for it."""
    return IN_CHINESE.told(fault.what)
