"""Photos on the wire: base64 in a request, bounded so that a whole request stays below what the broker carries."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Frozen, Instant

PHOTOS_MAX = 3
PHOTO_TEXT_MAX = 2_000_000
"""Characters of base64: 1.5 MB. Whoever sends one has made it small before (`shared.photos`); then it has a third."""

PhotoText = Annotated[str, Field(min_length=1, max_length=PHOTO_TEXT_MAX)]
"""A JPEG, PNG or WebP in base64. What it is, the service looks at itself."""

Photos = Annotated[tuple[PhotoText, ...], Field(max_length=PHOTOS_MAX)]


class PhotoView(Frozen):
    """That there is a photo, not what it shows: that is read one by one, on record."""

    photo_id: UUID
    width: int
    height: int
    kept_at: Instant
    erased: bool = Field(description="its time was over: nothing is left to be read")


class PhotoShown(Frozen):
    photo_id: UUID
    media_type: Literal["image/jpeg"] = "image/jpeg"
    data: str = Field(description="base64")
    width: int
    height: int


class PhotosResealed(Frozen):
    resealed: int
