"""Flags on a case, who chose its category, and what was suggested."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UP = (
    """alter table intake."case" add column flags text[] not null default '{}'""",
    'alter table intake."case" add column category_chosen_by text',
    """create index case_category_chosen on intake."case" (case_id) where category_chosen_by is not null""",
    """create table intake.suggestion (
        suggestion_id uuid primary key,
        asked_by text not null,
        asked_at timestamptz not null,
        pack_version text not null,
        model text not null,
        codes text[] not null,
        case_id uuid references intake."case" (case_id) deferrable initially deferred,
        chosen text,
        by_rank integer,
        chosen_at timestamptz,
        constraint suggestion_chosen_at_a_time check ((chosen is null) = (chosen_at is null)),
        constraint suggestion_chosen_for_a_case check (chosen is null or case_id is not null))""",
    "create index suggestion_of_case on intake.suggestion (case_id) where case_id is not null",
    "create index suggestion_unused on intake.suggestion (asked_at) where case_id is null",
)
DOWN = (
    "drop table intake.suggestion",
    "drop index intake.case_category_chosen",
    'alter table intake."case" drop column category_chosen_by',
    'alter table intake."case" drop column flags',
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
