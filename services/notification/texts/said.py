"""The words a notice may use, made from its facts and the centre's own names. Nothing else has a way in.

A code that the pack does not know is not shown as it stands: whatever it holds, nobody wrote it to be read.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notification.policy.facts import NoticeFacts
from services.notification.texts.language import Language
from shared.centre.pack import CentrePack
from shared.codes import CodeWrong, parse_case_code
from shared.errors import Refused

DRILL = "drill"
PERSONAL = re.compile(r"(?<![0-9])(1[3-9][0-9]{9}|[0-9]{17}[0-9Xx]|0[0-9]{2,3}-?[0-9]{7,8})(?![0-9])")
"""A mobile number, an identity number, a number with area code."""
NOT_READ = frozenset({"case_code", "pack_version"})  # the first must be a case code, the second is never said
POST = re.compile(r"[A-Za-z0-9]+([._:@-][A-Za-z0-9]+)*")


class FactNotAllowed(Refused):
    """A fact that looks like somebody's datum. It is named, never quoted."""

    code = "fact_not_allowed"
    rule = "a notice speaks of cases, never of persons"


def require_impersonal(facts: NoticeFacts) -> None:
    """Raises FactNotAllowed. Facts come from events, which carry no such thing: the last net."""
    for name, value in facts.model_dump(mode="python", exclude=set(NOT_READ)).items():
        if isinstance(value, str) and PERSONAL.search(value):
            raise FactNotAllowed(f"{name} looks like somebody's number", field=name)


def words_of(facts: NoticeFacts, pack: CentrePack, language: Language, *, now: datetime) -> Mapping[str, str]:
    """One word for every field a text may name. Raises FactNotAllowed."""
    require_impersonal(facts)
    return {
        "centre": pack.title,
        "who": _who(facts, pack, language),
        "code": _code(facts, language),
        "about": _about(facts, pack, language),
        "category": _category(facts, pack) or language.unknown,
        "place": _place(facts, pack) or language.unknown,
        "level": facts.level or language.unknown,
        "stage": language.stages.get(facts.stage or "", language.unknown),
        "due": _at(facts.due_at, pack, language.day_and_time, language),
        "due_time": _at(facts.due_at, pack, language.time, language),
        "left": language.unknown if facts.due_at is None else language.left(facts.due_at - now),
        "starts": _at(facts.starts_at, pack, language.day_and_time, language),
        "ends": _at(facts.ends_at, pack, language.day_and_time, language),
        "prelude": language.preludes.get(facts.why, ""),
        "part": language.parts[facts.role or "lead"],
        "cause": language.causes.get(facts.cause or "", language.unknown),
        "order": language.orders.get(facts.order or "", language.unknown),
        "duty": language.duties.get(facts.roster_kind or "", language.unknown),
        "outgoing": _post(facts.outgoing, pack, language),
        "open_cases": str(facts.open_cases or 0),
        "summonses": str(facts.running_summonses or 0),
        "mode": language.modes.get(facts.mode or "", language.unknown),
        "mode_before": language.modes.get(facts.mode_before or "", language.unknown),
    }


def _who(facts: NoticeFacts, pack: CentrePack, language: Language) -> str:
    unit = pack.unit(facts.unit) if facts.unit else None
    if unit is not None:
        return unit.short
    if facts.kind == "duty_gap":
        return pack.title
    return language.desks.get(facts.stage or "", language.unknown)


def _code(facts: NoticeFacts, language: Language) -> str:
    if facts.case_code is None:
        return language.unknown
    if facts.case_code == DRILL:
        return language.drill_code
    try:
        return parse_case_code(facts.case_code)
    except CodeWrong:
        raise FactNotAllowed("the case code is none", field="case_code") from None


def _about(facts: NoticeFacts, pack: CentrePack, language: Language) -> str:
    if facts.drill:
        return language.drill_about
    return language.about(_code(facts, language), _category(facts, pack), _place(facts, pack))


def _category(facts: NoticeFacts, pack: CentrePack) -> str | None:
    found = pack.category(facts.category) if facts.category else None
    return None if found is None else found.name


def _place(facts: NoticeFacts, pack: CentrePack) -> str | None:
    found = pack.place(facts.place) if facts.place else None
    return None if found is None else found.name


def _post(code: str | None, pack: CentrePack, language: Language) -> str:
    """A post by its title in the pack, by its role's name, or by its own code."""
    if code is None:
        return language.unknown
    titles = {post.code: post.title for unit in pack.units for post in (unit.liaison, unit.lead)}
    named = titles.get(code) or language.posts.get(code)
    return named or (code if POST.fullmatch(code) else language.unknown)


def _at(instant: datetime | None, pack: CentrePack, form: str, language: Language) -> str:
    return language.unknown if instant is None else form.format(instant.astimezone(ZoneInfo(pack.timezone)))
