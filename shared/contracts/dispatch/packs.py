"""The centre pack: proved by dispatch, told to all."""

from typing import Any, ClassVar

from pydantic import Field

from shared.contracts.base import Command, Event, Frozen, Instant, Query

# -- events ------------------------------------------------------------------------------------------------------------


class CentrePackApplied(Event):
    """A new version of the centre's data is in force; carried whole, so that every service keeps a copy."""

    TYPE: ClassVar[str] = "dispatch.centre_pack.applied"

    name: str
    version: str
    applied_at: Instant
    pack: dict[str, Any]

    @property
    def chain(self) -> str:
        return "centre_pack"


# -- requests ----------------------------------------------------------------------------------------------------------


class PackApplied(Frozen):
    name: str
    version: str
    changed: bool = Field(description="false where this very version was in force already")


class ApplyCentrePack(Command[PackApplied]):
    NAME: ClassVar[str] = "apply_centre_pack"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PackApplied

    pack: dict[str, Any]


class CentrePackInForce(Frozen):
    version: str
    pack: dict[str, Any]


class ReadCentrePack(Query[CentrePackInForce]):
    NAME: ClassVar[str] = "read_centre_pack"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = CentrePackInForce
