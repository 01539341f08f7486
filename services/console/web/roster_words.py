"""The words of rosters and contacts."""

from collections.abc import Mapping

from shared.story.words import CHANNELS as STORY_CHANNELS
from shared.story.words import ROSTERS as STORY_ROSTERS

ROSTER_KINDS: Mapping[str, str] = STORY_ROSTERS
OVERRIDE_ACTS: Mapping[str, str] = {
    "add": "增派",
    "remove": "撤下",
    "replace": "替班",
    "temporary": "整段另排",
}
OVERRIDE_EFFECTS: Mapping[str, str] = {
    "add": "在原班之外增加此岗位",
    "remove": "此岗位在该时段不值班",
    "replace": "此岗位替下面这个岗位值班",
    "temporary": "该时段不按轮次，只由所列岗位值班",
}
SWAP_STATES: Mapping[str, str] = {"asked": "待答复", "accepted": "已同意", "declined": "未同意", "lapsed": "已过期"}
WEEK_DAYS: Mapping[str, str] = {
    "0": "周一",
    "1": "周二",
    "2": "周三",
    "3": "周四",
    "4": "周五",
    "5": "周六",
    "6": "周日",
}
CHANNEL_WORDS: Mapping[str, str] = {name: word for name, word in STORY_CHANNELS.items() if name != "inbox"}
UNREACHABLE: Mapping[str, str] = {"no_contact": "没有可用的联系方式", "contact_failing": "联系方式近来送不到"}
STAFF_STATES: Mapping[str, str] = {"active": "在用", "disabled": "已停用"}
POST_WORDS: Mapping[str, str] = {
    "director": "主任",
    "director-backup": "副班主任",
    "duty": "值班岗",
    "liaison": "联络员",
    "lead": "分管领导",
    "commander": "指挥长",
    "deputy": "副指挥长",
    "leader": "值班领导",
    "desk": "窗口",
    "room": "指挥大厅",
}
"""Behind a unit's code, or alone for the centre's own posts. Names of posts are the centre's own, in one language."""

TABLES = (
    *(ROSTER_KINDS, OVERRIDE_ACTS, OVERRIDE_EFFECTS, SWAP_STATES, WEEK_DAYS, CHANNEL_WORDS, UNREACHABLE),
    STAFF_STATES,
)
