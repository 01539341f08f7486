"""A list of any length is one statement: what is prepared and kept does not grow with what is asked."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from services.escalation.model import Clock
from shared.infra.arrays import among


def sent(condition: sa.ColumnElement[bool]) -> str:
    """As it goes to the driver: lists of `in` are written out by then."""
    made = sa.select(Clock.key).where(condition).compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})
    return str(made)


def test_lists_of_every_length_are_one_statement_of_one_value() -> None:
    statements = {sent(among(Clock.case_id, [uuid4() for _ in range(length)])) for length in (0, 1, 2, 50)}
    (only,) = statements
    assert "= ANY ($1::UUID[])" in only


def test_so_are_sets_and_the_keys_of_a_mapping_and_texts_keep_their_type() -> None:
    assert sent(among(Clock.owes, {"a", "b"})) == sent(among(Clock.owes, {"a": 1}))
    assert "$1::TEXT[]" in sent(among(Clock.owes, {"a"}))


@pytest.mark.parametrize("length", [2, 3])
def test_where_a_list_is_written_out_each_length_is_another(length: int) -> None:
    """What the promise above is held against: were this one statement, too, the test would see nothing."""
    assert sent(Clock.case_id.in_([uuid4()] * length)).count("::UUID") == length
