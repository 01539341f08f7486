"""What may be chosen in a form: units, categories, places, as code and name, for the combo of `parts/combo.html`."""

from dataclasses import dataclass

from shared.centre.pack import CentrePack
from shared.story import Story


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    name: str


def units_of(pack: CentrePack) -> list[Choice]:
    """Everybody a case can be sent to; the centre's own desk is not."""
    return [Choice(one.code, one.name) for one in pack.units if one.code != pack.triage.unit]


def categories_of(pack: CentrePack) -> list[Choice]:
    story = Story(pack)
    return [Choice(one.code, story.category(one.code)) for one in pack.leaf_categories]


def places_of(pack: CentrePack) -> list[Choice]:
    return [Choice(one.code, one.name) for one in pack.places]


def flags_of(pack: CentrePack) -> list[Choice]:
    return [Choice(one.code, one.name) for one in pack.flags]
