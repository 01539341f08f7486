"""Finding what an operation names, and refusing by name what is not there."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from services.intake.errors import CaseUnknown, UnknownCategory, UnknownFlag, UnknownPlace, UnknownSuggestion
from services.intake.model import Case, Suggestion
from shared.centre.pack import CentrePack
from shared.infra.unit_of_work import Transaction


async def lock_case(tx: Transaction, code: str) -> Case:
    case = await tx.session.scalar(sa.select(Case).where(Case.case_code == code).with_for_update())
    if case is None:
        raise CaseUnknown(f"no case {code} was registered here", field="case_code", case_code=code)
    return case


def known_category(pack: CentrePack, text: str) -> str:
    category = pack.find_category(text)
    if category is None:
        raise UnknownCategory(f"{text!r} is not a category of this centre", field="category", category=text)
    return category.code


def known_place(pack: CentrePack, text: str) -> str:
    place = pack.place(text)
    if place is None:
        raise UnknownPlace(f"{text!r} is not a place of this centre", field="place", place=text)
    return place.code


def known_flags(pack: CentrePack, texts: Sequence[str]) -> list[str]:
    """Codes in the order of the pack, each once."""
    codes = {flag.code for flag in pack.flags}
    for text in texts:
        if text not in codes:
            raise UnknownFlag(f"{text!r} is not a flag of this centre", field="flags", flag=text)
    return [flag.code for flag in pack.flags if flag.code in texts]


async def lock_suggestion(tx: Transaction, suggestion_id: UUID) -> Suggestion:
    query = sa.select(Suggestion).where(Suggestion.suggestion_id == suggestion_id)
    suggestion = await tx.session.scalar(query.with_for_update())
    if suggestion is None:
        raise UnknownSuggestion("there is no such suggestion; ask for a new one", field="suggestion_id")
    return suggestion
