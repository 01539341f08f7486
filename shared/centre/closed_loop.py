"""闭环 of a centre: how requesters are asked, how often a matter comes back, how far a promise may reach."""

from typing import Annotated, Literal

from pydantic import Field

from shared.centre.parts import Code, Frozen, Words

AskedBy = Literal["telephone", "visit", "message"]
Level = Literal["I", "II", "III", "IV"]


class FollowUpRule(Frozen):
    """分类回访: how the requesters of these matters are asked. Without `categories` or `levels` it holds for all.

    Who was not reached in `attempts`, each `days_apart` days (by the calendar here) or more after the one before that
    counts, may be given up as unreachable.
    """

    categories: tuple[Code, ...] = ()
    levels: tuple[Level, ...] = ()
    kinds: Annotated[tuple[AskedBy, ...], Field(min_length=1)] = ("telephone", "visit", "message")
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    days_apart: Annotated[int, Field(ge=0, le=30)] = 0
    source: Words


EVERY_KIND = FollowUpRule(source="each way of asking counts where the pack names none")


class ClosedLoop(Frozen):
    """What a dissatisfied requester, an unfinished matter and a place nobody found lead to, and how often at most.

    After `reopenings_max` reopenings the duty director hears of the case, and it is not reopened again by itself. A
    promise (暂不能办结) lies `promise_days_max` calendar days ahead at most, and is given `promises_max` times. A place
    that was not found `not_found_max` times is the unit's to show.
    """

    follow_ups: tuple[FollowUpRule, ...] = ()
    reopenings_max: Annotated[int, Field(ge=0, le=10)] = 2
    promise_days_max: Annotated[int, Field(ge=1, le=365)] = 30
    promises_max: Annotated[int, Field(ge=1, le=10)] = 3
    not_found_max: Annotated[int, Field(ge=1, le=5)] = 2
    photos_max: Annotated[int, Field(ge=0, le=3)] = 3
    photo_kilobytes_max: Annotated[int, Field(ge=50, le=1_400)] = 1_400

    def follow_up_for(self, chain: tuple[str, ...], level: Level) -> FollowUpRule:
        """The first rule of the pack that fits a matter. `chain`: its category and what that belongs to."""
        fitting = (
            rule
            for rule in self.follow_ups
            if (not rule.levels or level in rule.levels) and (not rule.categories or set(rule.categories) & set(chain))
        )
        return next(fitting, EVERY_KIND)
