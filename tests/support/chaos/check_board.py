"""The board is what the recorded events make of an empty one: nothing else, and nothing less."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from services.console.policy.board import APPLY, SECTIONS, Section, apply, row_of
from shared.contracts.catalogue import EVENTS
from tests.support.chaos.books import Books, Recorded

Facts = dict[Section, Mapping[str, Any]]


def board_is_what_events_make(books: Books) -> Iterator[str]:
    """Replayed from the rows of the services' records, and compared case by case, section by section."""
    if books.board is None:
        return
    codes, made, unreadable = _replayed(books)
    yield from (f"{event.type} {event.event_id} is not as its contract says" for event in unreadable)
    there = {row.case_id: row for row in books.board}
    for case_id in made.keys() - there.keys():
        yield f"{codes[case_id]} is on record and not on the board"
    for case_id, row in there.items():
        if case_id not in made:
            yield f"{row.code} is on the board and on no record"
            continue
        facts = made[case_id]
        for name in SECTIONS:
            if row.sections[name] != facts[name]:
                yield f"{row.code}: the board's {name} is not as recorded"
        if row.row != row_of(codes[case_id], facts).model_dump(mode="json"):
            yield f"{row.code}: the board shows another row than the record makes"


def _replayed(books: Books) -> tuple[dict[str, str], dict[str, Facts], list[Recorded]]:
    codes: dict[str, str] = {}
    made: dict[str, Facts] = {}
    unreadable: list[Recorded] = []
    for event in books.events:
        if event.type not in APPLY:
            continue
        try:
            data = EVENTS[event.type].model_validate(event.data).model_dump(mode="json")
        except ValidationError:
            unreadable.append(event)
            continue
        section, _ = APPLY[event.type]
        facts = made.setdefault(data["case_id"], {name: {} for name in SECTIONS})
        codes.setdefault(data["case_id"], data["case_code"])
        facts[section] = apply(event.type, facts[section], data)
    return codes, made, unreadable
