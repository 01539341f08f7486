"""The grid looks at what a unit reported (核查): what is told of it, and what may be asked."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, CaseEvent, Code, Command, Done, Frozen, Instant, Query, ShortText
from shared.contracts.escalation.words import GoesTo, VerificationOutcome
from shared.contracts.photos import Photos, PhotoShown, PhotosResealed, PhotoView

# -- events ------------------------------------------------------------------------------------------------------------


class VerificationAssigned(CaseEvent):
    TYPE: ClassVar[str] = "escalation.verification.assigned"

    verification_id: UUID
    work_order_id: UUID
    unit: str
    place: str | None
    round: int
    attempt: int = Field(default=1, description="one more each time the place was not found in this round")
    assigned_at: Instant


class VerificationRecorded(CaseEvent):
    TYPE: ClassVar[str] = "escalation.verification.recorded"

    verification_id: UUID
    work_order_id: UUID
    unit: str
    round: int
    outcome: VerificationOutcome
    goes_to: GoesTo | None = Field(default=None, description="none in events of old: solved or back to the unit")
    verified_by: str
    photos: int = 0
    found_at: Instant | None = Field(default=None, description="when it was looked at, by the worker's own word")
    recorded_at: Instant


class VerificationPhotoRead(CaseEvent):
    TYPE: ClassVar[str] = "escalation.verification.photo_read"

    photo_id: UUID
    read_at: Instant


class VerificationPhotosErased(CaseEvent):
    """With the requester's data: their time was over."""

    TYPE: ClassVar[str] = "escalation.verification.photos_erased"

    photos: int
    erased_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


class RecordVerification(Command[Done]):
    """核查: by a grid worker of the place, never by whoever handled."""

    NAME: ClassVar[str] = "record_verification"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = Done

    verification_id: UUID
    outcome: VerificationOutcome
    note: ShortText | None = None
    found_at: Instant | None = Field(
        default=None, description="when it was looked at, where the note had to wait for a network; else now"
    )
    photos: Photos = ()


class SendVerificationAgain(Command[Done]):
    """The grid did not find the place: the dispatcher says better where it is, and the grid looks again."""

    NAME: ClassVar[str] = "send_verification_again"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = Done

    verification_id: UUID
    hint: ShortText = Field(description="how to find it; told to grid workers only")
    place: Code | None = Field(default=None, description="where another township or grid has to look")


class VerificationTask(Frozen):
    verification_id: UUID
    case_code: str
    work_order_id: UUID
    unit: str
    place: str | None
    round: int
    attempt: int = 1
    hint: str | None = Field(default=None, description="how to find it; for grid workers and the centre's staff")
    assigned_at: Instant
    due_at: Instant | None


class VerificationTasks(Frozen):
    tasks: tuple[VerificationTask, ...]


class ListVerifications(Query[VerificationTasks]):
    NAME: ClassVar[str] = "list_verifications"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = VerificationTasks

    place: str | None = None
    state: Literal["open", "not_found"] = Field(default="open", description="not_found: waits for a better place")
    limit: int = Field(default=200, ge=1, le=1000)


class VerificationFinding(Frozen):
    verification_id: UUID
    work_order_id: UUID
    unit: str
    place: str | None
    round: int
    attempt: int
    outcome: VerificationOutcome
    note: str | None
    verified_by: str
    found_at: Instant | None
    recorded_at: Instant
    photos: tuple[PhotoView, ...]


class VerificationFindings(Frozen):
    findings: tuple[VerificationFinding, ...]


class ReadVerifications(Query[VerificationFindings]):
    """What the grid found on a case; for its grid, the units that handled it and the centre's staff."""

    NAME: ClassVar[str] = "read_verifications"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = VerificationFindings

    case_code: CaseCode


class ReadVerificationPhoto(Command[PhotoShown]):
    """Shows one photo, with a reason; who, when, why and which stay on record."""

    NAME: ClassVar[str] = "read_verification_photo"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = PhotoShown

    photo_id: UUID
    reason: ShortText


class ResealVerificationPhotos(Command[PhotosResealed]):
    """Seals every photo and note of the grid again under the newest key, so that an old key may be destroyed."""

    NAME: ClassVar[str] = "reseal_verification_photos"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = PhotosResealed
