"""A case that follows a leading one is with no unit, and may be split from it again."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """alter table dispatch.routed_case
        add column splits integer not null default 0,
        drop constraint routed_case_state,
        add constraint routed_case_state check (state in ('triage', 'dispatched', 'closed', 'joined')),
        add constraint joined_case_waits_for_nobody_here
            check (state <> 'joined' or (current_work_order_id is null and waiting_since is null))""",
)
DOWN: tuple[str, ...] = (
    "update dispatch.routed_case set state = 'triage', waiting_since = routed_at where state = 'joined'",
    """alter table dispatch.routed_case
        drop constraint joined_case_waits_for_nobody_here,
        drop constraint routed_case_state,
        add constraint routed_case_state check (state in ('triage', 'dispatched', 'closed')),
        drop column splits""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
