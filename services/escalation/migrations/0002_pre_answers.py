"""Ladders that wait for the unit's answer, notices that reached nobody, drills."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """alter table escalation.clock
        add column done integer[] not null default '{}',
        add column expected_at timestamptz,
        add column unreached text[] not null default '{}',
        add column drill boolean not null default false""",
    # Where a clock is with its plan, for those that still run. One that has ended is never changed again.
    """update escalation.clock set done = array(select generate_series(0, next_step - 1))
        where ended_at is null""",
    "alter table escalation.clock drop column next_step",
    "alter table escalation.case_file drop constraint case_file_case_code_key",
    "create unique index case_file_code on escalation.case_file (case_code) where case_code <> 'drill'",
)
DOWN: tuple[str, ...] = (
    "drop index escalation.case_file_code",
    "update escalation.case_file set case_code = 'drill ' || case_id where case_code = 'drill'",
    "alter table escalation.case_file add constraint case_file_case_code_key unique (case_code)",
    "alter table escalation.clock add column next_step integer not null default 0",
    "update escalation.clock set next_step = cardinality(done) where ended_at is null",
    "alter table escalation.clock alter column next_step drop default",
    """alter table escalation.clock
        drop column done, drop column expected_at, drop column unreached, drop column drill""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
