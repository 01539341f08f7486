"""What an act on a case is: whose button, which letter, when it fits, what its form asks of whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from services.console.policy.board import Row
from services.console.web.case_facts import CaseFacts
from services.console.web.fields import words
from shared.contracts.base import Command

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseAct:
    """`key`: the letter on the keyboard, printed on the button. `stern`: shown as one that cannot be taken back.

    `form`: the fields, a template under `case/acts`; without one they stand in `case/act_form.html` itself.
    """

    name: str
    title: str
    key: str
    request: type[Command[Any]]
    fits: Callable[[Row, CaseFacts], bool]
    fields: Callable[[FormData], Fields]
    of_case: bool = True
    stern: bool = False
    form: str | None = None


def chosen(**names: str) -> Callable[[FormData], Fields]:
    """Fields of a request, each from the field of the form of that name."""
    return lambda form: {field: words(form, name) for field, name in names.items()}


def yes_or_no(form: FormData, name: str) -> bool | None:
    """None where neither was chosen: the request then says what is missing."""
    return {"yes": True, "no": False}.get(words(form, name) or "")
