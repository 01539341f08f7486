"""Contacts, notices and their messages, and the rosters that say whom a post means."""

from alembic import op

from shared.infra.spine_v1 import spine_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWN: tuple[str, ...] = ()
TABLES: tuple[str, ...] = ()
SPINE_TABLES = ("centre_pack", "dead_letter", "request", "inbox", "chain", "event")
FUNCTIONS = ("event_is_append_only", "event_wakes_relay")


def upgrade() -> None:
    for statement in (*spine_v1("notification"), *OWN):
        op.execute(statement)


def downgrade() -> None:
    for table in (*TABLES, *SPINE_TABLES):
        op.execute(f"drop table notification.{table}")
    for function in FUNCTIONS:
        op.execute(f"drop function notification.{function}()")
