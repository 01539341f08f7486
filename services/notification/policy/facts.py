"""What a notice is about: ids, codes, instants and enumerated words only, so that no requester's datum can get in."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, field_validator

from shared.contracts.escalation import WhyNotice

NoticeKind = Literal[
    "clock",
    "summons",
    "cannot_come",
    "stood_down",
    "work_order",
    "designated",
    "reopened",
    "extension_asked",
    "suspension_asked",
    "extended",
    "suspended",
    "resumed",
    "deferral_refused",
    "duty_gap",
    "handover",
    "supervision",
    "supervision_again",
    "supervision_answered",
    "appeal_made",
    "appeal_proposed",
    "appeal_granted",
    "appeal_refused",
    "referral_proposed",
    "referred",
    "surge_begun",
    "surge_over",
    "surge_prolonged",
    "surge_ending",
    "surge_late",
    "situation_report",
]
"""`clock`: a step of an ordinary ladder; `summons`: one of the arrival ladder, of a unit that is called to the room."""


class NoticeFacts(BaseModel):
    """Everything a text may say. Kept with the notice; texts are made from it anew whenever they are shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: NoticeKind
    post: str  # the role (or post) that is told, e.g. `liaison_officer`
    unit: str | None = None  # whose liaison; or, told to the centre, which unit it is about
    case_code: str | None = None
    category: str | None = None
    place: str | None = None
    level: Literal["I", "II", "III", "IV"] | None = None
    pack_version: str | None = None
    stage: str | None = None  # of the clock, e.g. `sign_off`; `arrival` for a summons
    due_at: AwareDatetime | None = None  # the promised time: of the stage, of the work order, of the arrival
    step: int | None = None  # of the ladder, counted from 0 or as escalation counts
    action: str | None = None  # of the ladder's step: `remind`, `overdue`, `end`
    why: WhyNotice = "ladder"
    summons_id: UUID | None = None
    work_order_id: UUID | None = None
    drill: bool = False
    role: Literal["lead", "support"] | None = None  # of the unit in the case
    cause: str | None = None  # why a work order was reopened
    outcome: str | None = None  # how a summons ended
    order: str | None = None  # the level of a supervision order
    first_receiver: str | None = None  # told because it answers to the requester
    roster: str | None = None  # in which nobody is on duty
    roster_kind: str | None = None
    starts_at: AwareDatetime | None = None  # of the stretch without duty
    ends_at: AwareDatetime | None = None  # its end; of a suspension the day it lasts to; the new due time; of a surge
    outgoing: str | None = None  # the post that hands the watch over
    open_cases: int | None = None
    running_summonses: int | None = None
    mode: str | None = None  # 平战: the one the centre is in
    mode_before: str | None = None  # the one it was in
    at: AwareDatetime | None = None  # when what is told happened

    @field_validator("due_at", "starts_at", "ends_at", "at", mode="after")
    @classmethod
    def _whole_seconds(cls, instant: datetime | None) -> datetime | None:
        """A text speaks of seconds at most, and what is kept as JSON must come back the same."""
        return None if instant is None else instant.replace(microsecond=0)
