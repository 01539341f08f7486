"""Lists that are handed to PostgreSQL as one value."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute


def among(column: sa.ColumnElement[Any] | InstrumentedAttribute[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """Whether the column has one of these values: one statement however many there are.

    With `in (...)` each length is a statement of its own, which the driver prepares and keeps, on every connection.
    """
    return column == sa.any_(sa.literal(list(values), ARRAY(column.type)))
