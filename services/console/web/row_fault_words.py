"""What is wrong with a row of a roster sheet, in Chinese, with the headings and words a sheet is written with."""

from collections.abc import Mapping

from services.console.web.sentences import QUOTED, Sentences
from shared.rosters.columns import COLUMNS, WORDS
from shared.rosters.rows import RowFault

NOUNS: Mapping[str, str] = {
    **COLUMNS,
    "staff (岗位)": "岗位",
    "rotation (轮次)": "轮次",
    "the centre's own post": "本中心自己的岗位",
}
FORMS: tuple[tuple[str, str], ...] = (
    (rf"(\w+) says {QUOTED}, but {QUOTED} stands in row (\d+)", "“{0}”写的是“{1}”，第 {3} 行写的是“{2}”"),
    (r"the column roster \(排班\) is empty.*", "“排班”没有填：请写明此行属于哪张排班"),
    (
        r"the column (.*) is empty; a row is a post in a rotation, or an action",
        "“{0}”没有填：一行是轮次中的一个岗位，或一项调整",
    ),
    (r"the column (\w+) is empty and has to be filled in", "“{0}”没有填"),
    (rf"weekdays: {QUOTED} is no weekday.*", "“星期”中的“{0}”不是星期几，请写成 周一、周三"),
    (rf"{QUOTED} is no date and time.*", "“{0}”不是日期时间，请写成 2026-12-01 09:00"),
    (rf"there is no roster {QUOTED} to override.*", "没有排班“{0}”可以调整：现行排班和本文件里都没有"),
    (rf"(?:timezone: )?no time zone is called {QUOTED}|.*[Nn]o time zone found with key (\S+?)\W*", "“时区”不存在"),
    (r"(?:\w+: )?is beyond the calendar", "时间超出日历范围"),
    (rf"the rotation {QUOTED} ends on (\S+), before it starts", "轮次“{0}”截止日 {1} 早于起始日"),
    (rf"the rotation {QUOTED} has only one of 'opens' and 'closes'.*", "轮次“{0}”上班、下班须都填或都不填"),
    (rf"the rotation {QUOTED} has a time of day with an offset.*", "轮次“{0}”的时间带了时差，请写本地时间，如 08:00"),
    (rf"the rotation {QUOTED} names a weekday twice", "轮次“{0}”的星期写了两次"),
    (r"an override ends after it starts", "结束时间须晚于开始时间"),
    (r"'instead_of' says whom a 'replace' stands in for.*", "“替谁”只在“替班”时填写，且必须填写"),
    (r"(\S+) cannot stand in for itself", "“{0}”不能替自己"),
    (rf"two rotations of the roster {QUOTED} are called {QUOTED}", "排班“{0}”有两个轮次都叫“{1}”"),
    (rf"the liaison roster {QUOTED} does not say of which unit it is", "联络员排班“{0}”没有写明单位"),
    (rf"{QUOTED} is no post of this centre.*", "“{0}”不是本中心的岗位：请写部门代码、点和岗位，如 police.director"),
    (rf"{QUOTED} is not a unit of this centre", "“{0}”不是本中心的部门"),
    (r"(\S+) is a post of (\S+), not of (\S+)", "“{0}”是“{1}”的岗位，不是“{2}”的"),
    (r"(\S+) is (the centre's own post), not of (\S+)", "“{0}”是{1}，不是“{2}”的"),
    (r"(\S+) is no post of (\S+), whose roster this is", "“{0}”不是“{1}”的岗位，而这是它的排班"),
    (r"(\S+) belongs to no unit; only a unit's post can be there", "“{0}”不属于任何部门，这里只能排部门的岗位"),
    *(
        (rf"{column}: Input should be .*", f"“{COLUMNS[column]}”只能填：{'、'.join(words)}")
        for column, words in WORDS.items()
    ),
    (r"(\w+): Input should be a valid date.*", "“{0}”不是日期，请写成 2026-12-01"),
    (r"(\w+): Input should be in a valid time.*", "“{0}”不是时间，请写成 08:00"),
    (r"(\w+): Input should be a valid integer.*", "“{0}”须为整数"),
    (r"(\w+): Input should be greater than or equal to (\S+)", "“{0}”不能小于 {1}"),
    (r"(\w+): Input should be less than or equal to (\S+)", "“{0}”不能大于 {1}"),
    (r"(\w+): String should match pattern.*", "“{0}”不能作代码（字母、数字，中间可用 . _ : @ -）"),
    (r"(\w+): String should have at least .*", "“{0}”没有填"),
    (r"(\w+): String should have at most (\d+) characters?", "“{0}”不能超过 {1} 字"),
)
IN_CHINESE = Sentences(FORMS, NOUNS)


def row_fault_words(fault: RowFault) -> str | None:
    """None where there is no Chinese for it."""
    return IN_CHINESE.told(fault.rule)
