"""What the proof finds wrong with a pack, in Chinese, by the form of its sentence; without a form here it stays."""

import re
from collections.abc import Mapping

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
}
QUOTED = r"'([^']*)'"
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
)
COMPILED = tuple((re.compile(form), words) for form, words in FORMS)


def fault_words(fault: Fault) -> str | None:
    """None where there is no Chinese for it."""
    for form, words in COMPILED:
        found = form.fullmatch(fault.what)
        if found is not None:
            return words.format(*(NOUNS.get(each, each) for each in found.groups()))
    return None
