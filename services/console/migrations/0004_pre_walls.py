"""The tokens of walls: their hashes only."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP = (
    """create table console.wall_token (
        token_hash bytea primary key,
        name text not null,
        made_by text not null,
        made_at timestamptz not null,
        revoked_at timestamptz)""",
    "create unique index wall_token_in_use on console.wall_token (name) where revoked_at is null",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table console.wall_token")
