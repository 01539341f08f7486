"""From facts to pages: templates in the language of whoever looks, times of the centre, names of the pack."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any, cast

from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.console.policy.board import LiveRow
from services.console.policy.typed_times import WEEKDAYS, TypedTime
from services.console.web import words
from services.console.web.assets import Assets
from services.console.web.board_lines import Line, line_of
from services.console.web.fault_words import fault_words
from services.console.web.live import Frame
from services.console.web.refusal_words import SERVICE_REFUSALS
from services.console.web.row_fault_words import row_fault_words
from services.console.web.rule_words import field_word
from services.console.web.stream import milliseconds
from services.console.web.unit_acts import answers_of
from services.console.web.unit_inbox import unit_line
from shared.centre.errors import Fault
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor
from shared.contracts.dispatch import ModeView
from shared.rosters.rows import RowFault
from shared.story import Story

HERE = Path(__file__).parent
LANGUAGES = ("zh", "en")
CHINA = timezone(timedelta(hours=8))
Say = Callable[[str], str]
SHAPES: Mapping[str, str] = {
    "board": "parts/board_live.html",
    "unit": "parts/unit_live.html",
    "mine": "parts/mine_live.html",
}
"""What a changed row looks like in the stream: the macros the page itself is made of."""


def load_messages(language: str) -> dict[str, str]:
    """Chinese is what stands in the templates; other languages are catalogues beside them."""
    if language == "zh":
        return {}
    with (HERE / "locale" / f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


class View:
    """Templates of one language."""

    def __init__(self, language: str, assets: Assets) -> None:
        self.language = language
        self.zone: tzinfo = CHINA
        self._messages = load_messages(language)
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_gettext_callables(self.say, self._say_many, newstyle=True)  # type: ignore[attr-defined]
        cast("dict[str, Any]", self._environment.globals).update(
            asset=assets.url,
            needed_by_pages=tuple(assets.url(one) for one in assets.modules_of("shell.js")),
            language=language,
            words=words,
            LANGUAGES=LANGUAGES,
        )
        cast("dict[str, Any]", self._environment.filters).update(
            ms=milliseconds,
            word=self.word,
            surge_words=self.surge_words,
            left=self.left,
            digits=digits,
            sign=level_sign,
            hms=self.hms,
            moment=self.moment,
            day=self.day,
            minute=self.minute,
            refusal=self.refusal,
            field_of=self.field_of,
            told=self.fault,
            row_fault=self.row_fault,
        )

    def say(self, message: str) -> str:
        return self._messages.get(message, message)

    def _say_many(self, one: str, many: str, number: int) -> str:
        return self.say(one if number == 1 else many)

    def word(self, code: str | None, table: str) -> str:
        """The word of a code, from one of the tables in `words`; the code itself where there is none."""
        if code is None:
            return ""
        known: Mapping[str, str] = getattr(words, table)
        return self.say(known[code]) if code in known else code

    def surge_words(self, mode: ModeView | None) -> str:
        """Which surge it is; nothing in normal mode, and while nobody has said."""
        return "" if mode is None or mode.mode == "normal" else self.word(mode.mode, "CENTRE_MODES")

    def field_of(self, field: str, section: str) -> str:
        """What a field of an entry of the rules is called."""
        return self.say(field_word(section, field))

    def fault(self, fault: Fault) -> str:
        """What is wrong with a pack, in the reader's language as far as there are words."""
        own = fault_words(fault) if self.language == "zh" else None
        return own or f"{fault.what}. {fault.advice}."

    def row_fault(self, fault: RowFault) -> str:
        """What is wrong with a row of a roster sheet, likewise."""
        own = row_fault_words(fault) if self.language == "zh" else None
        return own or fault.rule

    def refusal(self, code: str, said: str = "") -> str:
        """What a refusal means: our own words; in Chinese also for what the services say in English."""
        if code in words.REFUSALS:
            return self.say(words.REFUSALS[code])
        if self.language == "zh" and code in SERVICE_REFUSALS:
            return SERVICE_REFUSALS[code]
        return said or self.say("暂时无法完成，请稍后再试")

    def render(self, template: str, **facts: Any) -> str:
        return self._environment.get_template(template).render(facts)

    def left(self, due: datetime | None, now: datetime) -> str:
        """`超 00:30:06`, `04:10:00`, `2天 05:10`: the same as static/live.js writes every second."""
        if due is None:
            return "—"
        seconds = round((due - now).total_seconds())
        late, seconds = (self.say("超") + " ") if seconds < 0 else "", abs(seconds)
        days, rest = divmod(seconds, 86_400)
        clock = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
        return f"{late}{days}{self.say('天')} {clock}" if days else f"{late}{clock}:{rest % 60:02d}"

    def hms(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.zone):%H:%M:%S}"

    def moment(self, instant: datetime | None) -> str:
        """`11-28 09:41:26`, in the centre's own time."""
        return f"{instant.astimezone(self.zone):%m-%d %H:%M:%S}" if instant else "—"

    def meant(self, time: TypedTime) -> str:
        """`= 2026-12-02 周三 17:30`, and that it is a day off where it is."""
        local = time.at.astimezone(self.zone)
        off = "" if time.works else f" · {self.say('非工作日')}"
        weekday = self.say(f"周{WEEKDAYS[local.weekday()]}")
        return f"= {local:%Y-%m-%d} {weekday} {local:%H:%M}{off}"

    def minute(self, instant: datetime | None) -> str:
        """`2026-11-28 09:41`; empty where there is none."""
        return f"{instant.astimezone(self.zone):%Y-%m-%d %H:%M}" if instant else ""

    def day(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.zone):%Y-%m-%d}"

    def story(self, pack: CentrePack) -> Story:
        return Story(pack, "en" if self.language == "en" else "zh")

    def lines(self, rows: tuple[LiveRow, ...], pack: CentrePack, now: datetime) -> list[Line]:
        story = self.story(pack)
        return [line_of(one, story, pack, now) for one in rows]

    def called(self, lines: list[Line]) -> list[Line]:
        """Those with a summons under way, the one due first on top."""
        return sorted((line for line in lines if line.arrivals), key=lambda line: line.arrival_order)

    def fragment(self, frame: Frame, shape: str, pack: CentrePack, now: datetime, *, gone: bool, whose: Actor) -> bytes:
        """One changed row, ready to be sent: no line break, since one would end the event.

        `whose`: whoever looks, where a shape shows each unit its own part and each role its own answers.
        """

        own = {"unit": (whose.unit, whose.role), "mine": (whose.window, whose.staff)}.get(shape, ())

        def render() -> bytes:
            story = self.story(pack)
            facts: dict[str, Any] = {"line": line_of(frame.live, story, pack, now), "whose": whose}
            if shape == "unit":
                facts = {"mine": unit_line(frame.live, whose.unit, pack, now), "summons_acts": answers_of(whose)}
            html = self.render(SHAPES[shape], gone_from_here=gone, now=now, **facts)
            return " ".join(html.split()).encode()

        return frame.rendered((shape, self.language, gone, *own), render)


def digits(due: datetime, now: datetime) -> str:
    """`19:42`, `75:10`, and `+01:35` when it is over: minutes and seconds, the same as static/link.js counts them."""
    seconds = round((due - now).total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'+' if seconds < 0 else ''}{minutes:02d}:{rest:02d}"


def level_sign(level: str) -> str:
    """Never colour alone: each level has a shape, too."""
    return {"I": "◆", "II": "▲", "III": "■", "IV": "●"}[level]
