"""A column for a person's free words is erased in time, or somebody said why not."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from services.dispatch.model import Base as Dispatch
from services.dispatch.operations.erasing import WORDS_OF_A_CASE
from services.escalation.model.base import Base as Escalation
from services.escalation.operations.erase_words import WORDS_OF_A_CASE as WORDS_OF_ACCOUNTABILITY

FREE = ("reason", "ground", "note", "words", "result", "text", "remark", "message", "answer")
ERASED = {
    *(f"{model.__tablename__}.{name}" for model, names in WORDS_OF_A_CASE.items() for name in names),
    *(f"{model.__tablename__}.{name}" for model, names in WORDS_OF_ACCOUNTABILITY.items() for name in names),
    "handover.note",
    "verification.note",
}
# Whose words they are, where they are not a person's on a case.
STAYS: Mapping[str, str] = {
    "routed_case.reason": "a sentence of the pack",
    "routing.reason": "a sentence of the pack",
    "proposal.reason": "a sentence of the pack",
    "work_order.return_reason": "a code",
    "summons.ground": "a code",
    "roster_override.reason": "of a duty, no case: why somebody answered then has to stay readable",
    "roster_override.cancel_reason": "the same",
    "photo_reading.reason": "why somebody looked at a photo: it has to stay readable, as that of a reveal",
    "mode_period.reason": "of the centre, no case: why it was in a surge has to stay readable",
    "surge_prolongation.reason": "the same",
    "pack_draft.note": "of the centre's rules, no case: why they were changed has to stay readable",
    "clock.reason": "a code",
    "appeal.reason": "a code",
    "referral.ground": "a key",
    "referral.result": "a code",
    "clock.limit_text": "of the pack",
    "case_file.closed_reason": "a code",
    "dead_letter.reason": "of the program",
}


def free_words(metadata: sa.MetaData) -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.Text) and column.name.split("_")[-1] in FREE
    }


@pytest.mark.parametrize("base", [Dispatch, Escalation])
def test_every_column_for_free_words_is_erased_or_has_its_reason_to_stay(base: type[Dispatch]) -> None:
    unknown = free_words(base.metadata) - ERASED - set(STAYS)
    assert not unknown, f"erase {sorted(unknown)} when the requester's data is erased, or say here why it may stay"


def test_nothing_is_named_that_is_not_there() -> None:
    there = free_words(Dispatch.metadata) | free_words(Escalation.metadata)
    assert there >= ERASED | set(STAYS)


def test_a_new_column_for_words_is_seen() -> None:
    planted = sa.MetaData()
    sa.Table("meeting", planted, sa.Column("id", sa.Text), sa.Column("ask_reason", sa.Text))
    assert free_words(planted) == {"meeting.ask_reason"}
