"""When a unit first spoke with the requester."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table dispatch.work_order add column contacted_at timestamptz")


def downgrade() -> None:
    op.execute("alter table dispatch.work_order drop column contacted_at")
