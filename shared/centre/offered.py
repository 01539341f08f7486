"""A ruling offered as a rule: what the duty director decided once, written as the table would have to say it."""

from dataclasses import dataclass
from datetime import date

from shared.centre.check import check_pack
from shared.centre.jurisdiction import route
from shared.centre.nouns import EVERY, Rule
from shared.centre.pack import CentrePack


@dataclass(frozen=True, slots=True)
class OfferedRule:
    """`before`: the rule it has to stand above; None where none decides today. `faults`: what the check says of it."""

    rule: Rule
    before: str | None
    faults: tuple[str, ...]


def offered_rule(
    pack: CentrePack, *, category: str, place: str | None, unit: str, case_code: str, ruled_on: date
) -> OfferedRule:
    """Proved against the pack in force before a person takes it over; nothing is changed here."""
    rule = Rule(
        id=f"ruling-{case_code}",
        categories=(category,),
        places=(place or EVERY,),
        unit=unit,
        source=f"轮值主任裁定，案件{case_code}，{ruled_on.isoformat()}",
    )
    decided = route(pack, category=category, place=place, source="window", level="IV").rule_id
    at = next((number for number, each in enumerate(pack.rules) if each.id == decided), len(pack.rules))
    draft = pack.model_copy(update={"rules": (*pack.rules[:at], rule, *pack.rules[at:])})
    return OfferedRule(rule, decided, tuple(fault.what for fault in check_pack(draft)))
