"""A limit as rules write it: an amount, a unit of time, and in which style days and months are counted."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator
from pydantic.dataclasses import dataclass


class Unit(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    WORKING_MINUTE = "working_minute"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"


class Style(StrEnum):
    """How days and months are counted: the statute's way (Civil Code 201 to 203), or from instant to instant.

    `statute`: from the next day, to close of business, a last calendar day off moves on. `elapsed`: n times 24 hours;
    the same time of day n months later; the same time of day on the nth working day.
    """

    STATUTE = "statute"
    ELAPSED = "elapsed"


# Minutes and hours run from the instant in any case: a style on them would be a second way of saying the same.
STYLED_UNITS = frozenset({Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH})

_WORDS = {
    Unit.MINUTE: ("minute", "分钟"),
    Unit.HOUR: ("hour", "小时"),
    Unit.WORKING_MINUTE: ("working minute", "工作分钟"),
    Unit.WORKING_HOUR: ("working hour", "工作小时"),
    Unit.WORKING_DAY: ("working day", "工作日"),
    Unit.CALENDAR_DAY: ("calendar day", "自然日"),
    Unit.MONTH: ("month", "个月"),
}

# About ten years in each unit: no rule of the trade comes near, and a slip of the hand in a pack is caught here.
MOST = {
    Unit.MINUTE: 5_270_400,
    Unit.HOUR: 87_840,
    Unit.WORKING_MINUTE: 1_200_000,
    Unit.WORKING_HOUR: 20_000,
    Unit.WORKING_DAY: 2_500,
    Unit.CALENDAR_DAY: 3_660,
    Unit.MONTH: 120,
}


@dataclass(frozen=True)
class Duration:
    """`Duration(5, Unit.WORKING_DAY)`; as text `5 working_day`, or `5 calendar_day elapsed`. From 1 to about ten years.

    ValueError (pydantic's ValidationError) for anything else, and for elapsed minutes and hours.
    """

    amount: Annotated[int, Field(strict=True, ge=1)]
    unit: Unit
    style: Style = Style.STATUTE

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return _parts(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _not_absurd(self) -> Self:
        if self.amount > MOST[self.unit]:
            raise ValueError(f"{self} is more than ten years; the most is {MOST[self.unit]} {self.unit}")
        return self

    @model_validator(mode="after")
    def _style_of_days_and_months(self) -> Self:
        if self.style is Style.ELAPSED and self.unit not in STYLED_UNITS:
            raise ValueError(f"{self.unit} runs from the instant in any case; 'elapsed' is for days and months")
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        parts = _parts(text)
        try:
            return cls(amount=parts["amount"], unit=parts["unit"], style=parts["style"])
        except ValidationError as misfit:
            # pydantic's own text is for programmers; whoever wrote the limit reads its plain sentence.
            raise ValueError(misfit.errors()[0]["msg"].removeprefix("Value error, ")) from None

    def words(self) -> str:
        english, chinese = _WORDS[self.unit]
        return f"{self.amount} {english}{'' if self.amount == 1 else 's'} ({chinese})"

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{' elapsed' if self.style is Style.ELAPSED else ''}"


def _parts(text: str) -> dict[str, Any]:
    words = text.split()
    amount, unit, style = (*words, "", "", "")[:3]
    if len(words) > 3 or not (amount.isascii() and amount.isdigit() and len(amount) <= 9):
        raise ValueError(f"a limit is written as a whole number and a unit, e.g. '5 working_day', not {text!r}")
    if unit not in list(Unit):
        raise ValueError(f"{unit!r} is no unit of time; there are {', '.join(Unit)}")
    if style and style not in list(Style):
        raise ValueError(f"{style!r} is no style of counting; there are {', '.join(Style)}")
    return {"amount": int(amount), "unit": Unit(unit), "style": Style(style or Style.STATUTE)}
