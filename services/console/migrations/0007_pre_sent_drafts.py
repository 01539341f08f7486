"""Which form of its kind was sent last: a draft of it that comes late is not kept any more."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table console.draft add column sent_key text")


def downgrade() -> None:
    op.execute("delete from console.draft where sealed = ''")
    op.execute("alter table console.draft drop column sent_key")
