"""A case that follows a leading one owes nothing but its own follow-up."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """alter table escalation.case_file
        add column joined boolean not null default false,
        add column splits integer not null default 0""",
)
DOWN: tuple[str, ...] = ("alter table escalation.case_file drop column joined, drop column splits",)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
