"""A small centre's categories and confirmed matters of our own invention."""

import random
from functools import cache

from deploy.packs import default_pack
from shared.centre.pack import Category, CentrePack, Flag, Rule
from shared.suggest import Learned, without_persons
from shared.suggest.training import fit

CATEGORIES = (
    Category(code="labour", name="劳动保障"),
    Category(code="labour.arrears", name="拖欠工资", parent="labour", aliases=("欠薪",), keywords=("讨薪", "包工头")),
    Category(code="labour.injury", name="工伤认定", parent="labour", keywords=("工伤", "受伤")),
    Category(code="noise", name="噪声"),
    Category(code="noise.building", name="施工噪声", parent="noise", keywords=("施工", "打桩")),
    Category(code="noise.social", name="广场舞扰民", parent="noise", keywords=("广场舞", "扰民", "音响")),
    Category(code="road", name="道路破损", keywords=("坑洼", "路面", "井盖")),
    Category(code="lamp", name="路灯不亮", keywords=("路灯",)),
)
FLAGS = (Flag(code="safety", name="涉及安全"), Flag(code="crowd", name="涉及多户"))
LEAVES = ("labour.arrears", "labour.injury", "noise.building", "noise.social", "road", "lamp")

# Two halves of a matter; every second one without any keyword of the pack.
TOLD = {
    "labour.arrears": (
        ("干了三个月的活", "老板说没有钱", "年底还不给结账"),
        ("欠薪一直拖着", "家里等着用钱", "找包工头也没用"),
    ),
    "labour.injury": (
        ("在车间被机器压了手", "从架子上摔下来", "住院花了不少钱"),
        ("工伤认定怎么办", "厂里不肯报销", "手指还在疼"),
    ),
    "noise.building": (
        ("工地半夜还在干", "机器声一整夜", "天没亮就开工"),
        ("打桩声音太大", "孩子没法睡", "窗户都在震"),
    ),
    "noise.social": (
        ("楼下每天晚上放音乐", "喇叭声很响", "跳舞的人很多"),
        ("广场舞扰民", "老人休息不好", "劝了也不听"),
    ),
    "road": (("门口的大路坏了", "车子开过去很颠", "下雨就积水"), ("路面坑洼不平", "有人骑车摔倒", "一直没有人修")),
    "lamp": (("巷子里晚上很黑", "灯坏了半个月", "走夜路看不见"), ("路灯不亮", "老人孩子出门怕", "请换一下灯泡")),
}


@cache
def pack() -> CentrePack:
    default = default_pack()
    rule = Rule(id="all", categories=("*",), unit=default.triage.unit, source="测试")
    changed = {"categories": CATEGORIES, "flags": FLAGS, "rules": (rule,), "limits": (), "response_plans": ()}
    return default.model_copy(update=changed)


def matters(count: int, *, seed: int = 1) -> list[tuple[str, str]]:
    """(category, words of the matter), the same for the same seed."""
    dice = random.Random(seed)
    told: list[tuple[str, str]] = []
    for number in range(count):
        category = LEAVES[number % len(LEAVES)]
        first, second = TOLD[category]
        told.append((category, f"{dice.choice(first)}，{dice.choice(second)}。"))
    return told


@cache
def learned(count: int = 240) -> Learned:
    return Learned.from_bytes(fit([(category, without_persons(matter)) for category, matter in matters(count)]))
