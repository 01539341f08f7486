"""Switches of mode, and what each clock's limit was looked up by, so that a switch can look it up again."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """create table escalation.mode_switch (
        number integer primary key,
        mode text not null,
        switched_at timestamptz not null)""",
    """create table escalation.clock_grounds (
        key text primary key references escalation.clock (key) deferrable initially deferred,
        base_key text not null,
        category text,
        level text not null,
        unit text,
        shortened boolean not null,
        began_in text not null,
        retimed_by integer,
        looked_at integer not null)""",
    # Clocks that run go by what is known of their case: nothing of it was corrected for most of them.
    """insert into escalation.clock_grounds (key, base_key, category, level, unit, shortened, began_in, looked_at)
        select clock.key, clock.key, file.category, file.level,
            case when clock.stage in ('contact', 'sign_off', 'report_back') then clock.owes end,
            clock.stage in ('handle', 'report_back') and clock.key ~ ':([2-9]|[1-9][0-9]+)$', 'normal', 0
        from escalation.clock join escalation.case_file file using (case_id)
        where clock.ended_at is null and clock.stage not in ('arrival', 'return', 'deferral', 'supervision')
            and position(chr(58) || 'x' in clock.key) = 0
            and file.level is not null""",
)
DOWN: tuple[str, ...] = ("drop table escalation.clock_grounds", "drop table escalation.mode_switch")


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
