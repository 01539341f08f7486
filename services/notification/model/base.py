"""What the mapped nouns of notification share."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from shared.infra.spine import Spine

SCHEMA = "notification"


class Base(DeclarativeBase):
    metadata = sa.MetaData(schema=SCHEMA)
    type_annotation_map = {datetime: sa.DateTime(timezone=True), str: sa.Text}  # noqa: RUF012 - SQLAlchemy's own form


SPINE = Spine(Base.metadata, SCHEMA)
