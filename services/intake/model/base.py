"""The schema of intake: its base, its spine, its sequence."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from shared.infra.spine import Spine

SCHEMA = "intake"
CASE_NUMBER = sa.Sequence("case_number", schema=SCHEMA)


class Base(DeclarativeBase):
    metadata = sa.MetaData(schema=SCHEMA)
    type_annotation_map = {datetime: sa.DateTime(timezone=True), str: sa.Text}  # noqa: RUF012 - SQLAlchemy's own form


SPINE = Spine(Base.metadata, SCHEMA)
