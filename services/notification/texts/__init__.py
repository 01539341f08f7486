"""What posts are told: one table of texts for each language, filled from facts and the centre's own names only."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from services.notification.channels.base import Rendered
from services.notification.policy.facts import NoticeFacts
from services.notification.texts import en, zh
from services.notification.texts.language import Language
from services.notification.texts.said import FactNotAllowed, words_of
from shared.centre.pack import CentrePack
from shared.links import Purpose

__all__ = ["LANGUAGES", "FactNotAllowed", "Tongue", "bundle", "key_of", "render"]

Tongue = Literal["zh", "en"]
LANGUAGES: Mapping[Tongue, Language] = {"zh": zh.LANGUAGE, "en": en.LANGUAGE}

OF_UNIT = frozenset({"liaison_officer", "unit_lead"})
TOLD_TO_WINDOW = frozenset({"extended", "suspended", "resumed", "deferral_refused"})
CLOCK_ACTIONS = frozenset({"remind", "overdue", "end"})


def key_of(facts: NoticeFacts, *, now: datetime) -> str:
    """Which text of the table tells this notice."""
    if facts.kind == "summons":
        return _of_summons(facts, now=now)
    if facts.kind == "clock":
        return f"clock.{facts.action}" if facts.action in CLOCK_ACTIONS else "clock"
    if facts.kind in TOLD_TO_WINDOW and facts.post == facts.first_receiver:
        return f"{facts.kind}.window"
    return facts.kind


def _of_summons(facts: NoticeFacts, *, now: datetime) -> str:
    if facts.post not in OF_UNIT:
        if facts.action in {"overdue", "end"}:
            return f"summons.{facts.action}"
        return "cannot_come" if facts.why == "cannot_come" else "summons.centre"
    if facts.due_at is not None and now >= facts.due_at:
        return "summons.late"
    if facts.action == "remind":
        return "summons.remind"
    if facts.why == "cannot_come":
        return "summons.another"
    return "summons.lead" if facts.post == "unit_lead" else "summons.called"


def render(
    facts: NoticeFacts,
    pack: CentrePack,
    *,
    now: datetime,
    tongue: Tongue = "zh",
    answers: Sequence[tuple[Purpose, str]] = (),
    link: str | None = None,
) -> Rendered:
    """`answers` are signed links by what they answer; `link` is where the matter can be looked at.

    Raises FactNotAllowed where a fact looks like somebody's datum.
    """
    language = LANGUAGES[tongue]
    template = language.texts[key_of(facts, now=now)]
    if facts.drill:
        template = replace(template, subject=language.drill + template.subject, body=language.drill + template.body)
    subject, body = template.fill(words_of(facts, pack, language, now=now))
    return Rendered(subject, body, link, tuple((language.answers[purpose], url) for purpose, url in answers))


def bundle(texts: Sequence[Rendered], *, tongue: Tongue = "zh") -> Rendered:
    """Several texts as one, numbered, each with its own links. One alone stays as it is."""
    if len(texts) == 1:
        return texts[0]
    language = LANGUAGES[tongue]
    parts = [f"{number}. {text.subject}\n{text.body}" for number, text in enumerate(texts, start=1)]
    links = [
        (f"{number}. {label}", url)
        for number, text in enumerate(texts, start=1)
        for label, url in (*text.links, *(() if text.link is None else ((text.subject, text.link),)))
    ]
    drill = language.drill if texts and all(text.subject.startswith(language.drill) for text in texts) else ""
    return Rendered(drill + language.several(len(texts)), "\n\n".join(parts), links=tuple(links))
