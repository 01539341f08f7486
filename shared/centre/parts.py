"""What every noun of a centre pack is made of: frozen models, codes, words, local times."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=80)]
CodeOrEvery = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z0-9]+([._-][a-z0-9]+)*)$", max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
# A name of one character would be found in almost any text.
PlaceName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]


def _without_zone(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("a time of day is the centre's own; write it without a time zone")
    return at


LocalTime = Annotated[time, AfterValidator(_without_zone)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
