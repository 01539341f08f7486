"""Keywords and history together: at most three categories, each with the reason a clerk can judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.suggest.keywords import Hits, Keywords
from shared.suggest.learned import Learned

SUGGESTED_MAX = 3
WORDS_NAMED_MAX = 4
UNSURE = 1.0  # weight that stands for "none of these": one short keyword alone is no certainty
FLOOR = 0.3  # weight of a category no keyword points to
KEYWORDS_SAY = 0.4  # how much keywords count beside a history; found by cross-validation
KEYWORDS_ALONE = 0.5  # and how far they are trusted for a category the history does not know yet
LIKELY_MIN = 0.02  # what is less likely than this is not worth a clerk's look


@dataclass(frozen=True, slots=True)
class Suggested:
    code: str
    reason: str
    score: float


def suggest(keywords: Keywords, learned: Learned | None, matter: str) -> tuple[Suggested, ...]:
    """The likeliest leaf categories first; none where nothing points anywhere. The same text, the same answer."""
    hits = keywords.find(matter)
    if learned is None:
        scores = by_keywords(hits)
        probable: Mapping[str, float] = {}
    else:
        probable = learned.probabilities(matter)
        scores = by_both(keywords.leaves, hits, probable)
    best = sorted(scores, key=lambda code: (-scores[code], code))[:SUGGESTED_MAX]
    return tuple(
        Suggested(code, _reason(hits.get(code), learned, probable.get(code), code), round(scores[code], 4))
        for code in best
        if scores[code] >= LIKELY_MIN
    )


def by_keywords(hits: Mapping[str, Hits]) -> dict[str, float]:
    total = sum(found.weight for found in hits.values())
    return {code: found.weight / (total + UNSURE) for code, found in hits.items()}


def by_both(leaves: Sequence[str], hits: Mapping[str, Hits], probable: Mapping[str, float]) -> dict[str, float]:
    """Together at most 1. A category with too little history is carried by its keywords alone."""
    alone = by_keywords(hits)
    new = {code: alone[code] * KEYWORDS_ALONE for code in leaves if code in alone and code not in probable}
    raw = {
        code: probable[code] * (FLOOR + (hits[code].weight if code in hits else 0.0)) ** KEYWORDS_SAY
        for code in leaves
        if code in probable
    }
    share = (1 - sum(new.values())) / (sum(raw.values()) or 1.0)
    return new | {code: value * share for code, value in raw.items()}


def _reason(hits: Hits | None, learned: Learned | None, probable: float | None, code: str) -> str:
    parts: list[str] = []
    if hits is not None:
        parts.append("诉求中出现关键词" + "".join(f"「{word}」" for word in hits.words[:WORDS_NAMED_MAX]))
    if learned is not None and probable is not None and (probable >= 1 / len(learned.categories) or not parts):
        parts.append(f"用语与本中心已确认的 {learned.cases[code]} 件同类事项相近（相近度 {probable:.0%}）")
    return "；".join(parts) or "本中心此类事项尚少，仅供参考"
