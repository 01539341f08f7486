"""The pack an administrator is writing on, before it is sent as a draft."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UP = """create table console.pack_sheet (
    staff text primary key,
    based_on text not null,
    content jsonb not null,
    revision integer not null,
    saved_at timestamptz not null)"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("drop table console.pack_sheet")
