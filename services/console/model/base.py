"""What the mapped nouns of the console share."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase

from shared.infra.spine import Spine

SCHEMA = "console"


class Base(DeclarativeBase):
    metadata = sa.MetaData(schema=SCHEMA)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        datetime: sa.DateTime(timezone=True),
        str: sa.Text,
        dict[str, Any]: JSONB,
        list[str]: ARRAY(sa.Text),
    }


SPINE = Spine(Base.metadata, SCHEMA)
