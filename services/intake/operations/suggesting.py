"""What a matter is likely about, by the pack's keywords and by what people of this centre chose before."""

from datetime import datetime

from services.intake.model import Suggestion
from services.intake.operations.learning import Learning
from shared.centre.pack import CentrePack
from shared.contracts.intake import SuggestCategories, SuggestedCategory, Suggestions
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import UnitOfWork
from shared.suggest import Keywords, suggest

BY_KEYWORDS = "keywords"


class Suggesting:
    """Suggests from a pack's keywords, read once per version, and from what was learned, if anything was."""

    def __init__(self, learning: Learning) -> None:
        self._learning = learning
        self._keywords: tuple[str, Keywords] | None = None

    async def suggest_categories(
        self, work: UnitOfWork, command: SuggestCategories, /, *, now: datetime
    ) -> Suggestions:
        """The text itself is not kept, not even as a mark under the idempotency key."""
        async with work.begin(command) as tx:
            pack = await work.packs.in_force(tx.session)
            learned = self._learning.learned
            likely = suggest(self._keywords_of(pack), learned, command.matter)
            suggestion = Suggestion(
                suggestion_id=new_id(),
                asked_by=command.actor.staff,
                asked_at=now,
                pack_version=pack.version,
                model=learned.version if learned is not None else BY_KEYWORDS,
                codes=[one.code for one in likely],
                case_id=None,
                chosen=None,
                by_rank=None,
                chosen_at=None,
            )
            tx.add(suggestion)
            answer = tuple(
                SuggestedCategory(category=one.code, name=_name(pack, one.code), reason=one.reason, score=one.score)
                for one in likely
            )
            return Suggestions(suggestion_id=suggestion.suggestion_id, suggestions=answer)

    def _keywords_of(self, pack: CentrePack) -> Keywords:
        if self._keywords is None or self._keywords[0] != pack.version:
            self._keywords = pack.version, Keywords(pack)
        return self._keywords[1]


def _name(pack: CentrePack, code: str) -> str:
    category = pack.category(code)
    assert category is not None
    return category.name
