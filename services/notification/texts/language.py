"""What one language needs: the texts, and the words that fill their gaps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.notification.texts.template import Template
from shared.links import Purpose


@dataclass(frozen=True, slots=True)
class Language:
    """`day_and_time` and `time` are `strftime` forms; `unknown` stands for what a notice does not know.

    `about` makes a sentence of case code, category and place, without those that are not known.
    """

    texts: Mapping[str, Template]
    drill: str
    drill_code: str
    drill_about: str
    about: Callable[[str, str | None, str | None], str]
    stages: Mapping[str, str]
    desks: Mapping[str, str]
    duties: Mapping[str, str]
    parts: Mapping[str, str]
    causes: Mapping[str, str]
    orders: Mapping[str, str]
    posts: Mapping[str, str]
    modes: Mapping[str, str]
    preludes: Mapping[str, str]
    answers: Mapping[Purpose, str]
    unknown: str
    day_and_time: str
    time: str
    left: Callable[[timedelta], str]
    several: Callable[[int], str]
