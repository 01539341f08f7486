"""What units report on their work orders beside the report itself: delays, photos, and who may read all of it."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, CaseEvent, Command, Done, Frozen, Instant, Level, Query, ShortText, Text
from shared.contracts.dispatch.words import OrderRole, ReportOutcome
from shared.contracts.dispatch.work_orders import WorkOrderEvent
from shared.contracts.photos import PhotoShown, PhotosResealed, PhotoView

# -- events ------------------------------------------------------------------------------------------------------------


class WorkOrderDelayed(WorkOrderEvent):
    """The unit cannot finish yet (暂不能办结): the first receiver owes the requester an explanation with a date.

    The work order stays open, and its clock runs on: more time is a deferral, which others decide on.
    """

    TYPE: ClassVar[str] = "dispatch.work_order.delayed"

    number: int = Field(description="the how-manieth delay told on this work order")
    proposed_for: Instant = Field(description="when the unit thinks it will be done")
    first_receiver: str
    category: str | None
    level: Level
    pack_version: str
    delayed_at: Instant


class WorkOrderPhotoRead(CaseEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.photo_read"

    photo_id: UUID
    read_at: Instant


class WorkOrderPhotosErased(CaseEvent):
    """With the requester's data: their time was over."""

    TYPE: ClassVar[str] = "dispatch.work_order.photos_erased"

    photos: int
    erased_at: Instant


# -- acts --------------------------------------------------------------------------------------------------------------


class ReportDelay(Command[Done]):
    """暂不能办结: the unit says that it cannot finish yet, why, and when it thinks it will."""

    NAME: ClassVar[str] = "report_delay"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID
    proposed_for: Instant
    reason: Text = Field(description="what the first receiver can tell the requester")


class ReadReportPhoto(Command[PhotoShown]):
    """Shows one photo of a unit's report, with a reason; who, when, why and which stay on record."""

    NAME: ClassVar[str] = "read_report_photo"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PhotoShown

    photo_id: UUID
    reason: ShortText


class ResealReportPhotos(Command[PhotosResealed]):
    """Seals every photo of a report again under the newest key, so that an old key may be destroyed."""

    NAME: ClassVar[str] = "reseal_report_photos"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PhotosResealed


# -- read --------------------------------------------------------------------------------------------------------------


class ReportedResult(Frozen):
    work_order_id: UUID
    unit: str
    role: OrderRole
    round: int
    outcome: ReportOutcome
    result: str
    reported_at: Instant
    photos: tuple[PhotoView, ...] = ()


class ReportedDelay(Frozen):
    work_order_id: UUID
    unit: str
    round: int
    number: int
    proposed_for: Instant
    reason: str
    delayed_at: Instant


class CaseResults(Frozen):
    results: tuple[ReportedResult, ...]
    delays: tuple[ReportedDelay, ...] = Field(default=(), description="what units said they cannot finish yet, and why")
    owing: tuple[str, ...] = Field(description="units whose work order is open")


class ReadResults(Query[CaseResults]):
    """What each unit of the case has reported; for the units of this case and the centre's staff."""

    NAME: ClassVar[str] = "read_results"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = CaseResults

    case_code: CaseCode
