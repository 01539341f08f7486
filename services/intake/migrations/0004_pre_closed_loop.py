"""Follow-ups that count, promises to requesters, and who handled or verified a case."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """alter table intake."case"
        add column misses integer not null default 0,
        add column missed_at timestamptz,
        add column promises integer not null default 0,
        add column promised_for timestamptz,
        add column promised_at timestamptz,
        add column handled_by text[] not null default '{}'""",
    # An attempt of old counted whatever the day; of those that wait, all of them reached nobody.
    """update intake."case" set misses = attempts where state = 'to_follow_up'""",
    """alter table intake."case" add constraint promise_has_its_time
        check ((promised_for is null) = (promised_at is null))""",
    """create index case_promised on intake."case" (promised_for) where promised_for is not null""",
)
DOWN: tuple[str, ...] = (
    "drop index intake.case_promised",
    """update intake."case" set state = 'followed_up' where state = 'to_explain'""",
    """alter table intake."case"
        drop constraint promise_has_its_time,
        drop column misses, drop column missed_at, drop column promises, drop column promised_for,
        drop column promised_at, drop column handled_by""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
