"""What mode the centre was in when: rosters and ladders of a surge are its own."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """create table notification.mode_copy (
            number integer primary key,
            mode text not null,
            switched_at timestamptz not null)"""
    )


def downgrade() -> None:
    op.execute("drop table notification.mode_copy")
