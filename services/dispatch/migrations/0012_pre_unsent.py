"""What waits for the broker in a table of its own: nothing changes an event any more."""

from alembic import op

from shared.infra.spine_v2 import spine_v2, undo_spine_v2

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in spine_v2("dispatch"):
        op.execute(statement)


def downgrade() -> None:
    for statement in undo_spine_v2("dispatch"):
        op.execute(statement)
