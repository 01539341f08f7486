"""What a list of figures shows: the number that leads to it, as codes of an address."""

from dataclasses import dataclass
from typing import Literal, get_args

Of = Literal["received", "closed", "not_accepted", "open", "overdue", "promise", "follow_up", "returned", "reopened"]
OFS: tuple[Of, ...] = get_args(Of)
LAMPS = ("calm", "soon", "late")
VERDICTS = ("due", "in_time", "late", "exempt", "open", "void")
"""`due`: in time and late together, the number a rate is divided by."""

OUTCOMES = ("valid", "responded", "solved", "satisfied", "basically", "dissatisfied")


@dataclass(frozen=True, slots=True)
class Question:
    of: Of
    stage: str | None = None
    verdict: str | None = None
    lamp: str | None = None
    outcome: str | None = None
    drill: bool = False


def question_of(fields: dict[str, str], stages: frozenset[str]) -> Question:
    """ValueError names the field that no list goes by."""
    wanted = {name: fields.get(name, "").strip() or None for name in ("of", "stage", "verdict", "lamp", "outcome")}
    known = {"of": OFS, "stage": stages, "verdict": VERDICTS, "lamp": LAMPS, "outcome": OUTCOMES}
    for name, value in wanted.items():
        if value is not None and value not in known[name]:
            raise ValueError(name)
    if wanted["of"] is None:
        raise ValueError("of")
    return Question(**wanted, drill=fields.get("drill") == "yes")  # type: ignore[arg-type]
