"""What a matter is likely about: asked, and answered for a person to confirm."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Command, Frozen, Text


class SuggestedCategory(Frozen):
    category: str
    name: str
    reason: str = Field(description="which keywords, or what the centre's own confirmed cases say; quotes no case")
    score: float = Field(ge=0, le=1)


class Suggestions(Frozen):
    suggestion_id: UUID
    suggestions: tuple[SuggestedCategory, ...] = Field(description="at most three, the likeliest first")


class SuggestCategories(Command[Suggestions]):
    """The likeliest categories of a typed matter. A person confirms; what was suggested is kept, the text is not."""

    NAME: ClassVar[str] = "suggest_categories"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Suggestions

    matter: Text
