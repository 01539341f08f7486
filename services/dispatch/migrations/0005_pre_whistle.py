"""The whistle in full: answers, room codes, plans, drills, used links."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATES_BEFORE = "'named', 'called', 'acknowledged', 'arrived', 'not_arrived', 'stood_down'"
STATES = (
    "'named', 'called', 'acknowledged', 'on_the_way', 'substitute_sent', 'cannot_come', "
    "'arrived', 'not_arrived', 'stood_down'"
)

UP: tuple[str, ...] = (
    """alter table dispatch.summons
        add column drill boolean not null default false,
        add column room_code text,
        alter column case_id drop not null,
        add constraint drill_has_no_case check (drill = (case_id is null)),
        add constraint room_code_is_six_digits check (room_code ~ '^[0-9]{6}$')""",
    # A clock set back once could write these; from now on no span is negative.
    """update dispatch.called_unit
        set acknowledged_at = greatest(acknowledged_at, called_at), arrived_at = greatest(arrived_at, called_at)
        where least(acknowledged_at, arrived_at) < called_at""",
    f"""alter table dispatch.called_unit
        add column plan text,
        add column why text,
        add column notified_at timestamptz,
        add column notified_channel text,
        add column answered_at timestamptz,
        add column told_at timestamptz,
        add column coming_since timestamptz,
        add column expected_at timestamptz,
        add column substitute text,
        add column cannot_come_at timestamptz,
        add column cannot_come_reason text,
        add column checked_in text,
        add column wrong_codes integer not null default 0,
        drop constraint called_unit_state,
        add constraint called_unit_state check (state in ({STATES})),
        add constraint called_unit_substitute check (state <> 'substitute_sent' or substitute is not null),
        add constraint called_unit_checked_in check (checked_in in ('room', 'code')),
        add constraint called_unit_not_before_the_whistle
            check (called_at <=
                least(notified_at, answered_at, told_at, acknowledged_at, cannot_come_at, arrived_at))""",
    """create table dispatch.used_link (
        link_id uuid primary key,
        summons_id uuid not null,
        unit text not null,
        purpose text not null,
        used_by text not null,
        used_at timestamptz not null,
        constraint used_link_of_called_unit foreign key (summons_id, unit)
            references dispatch.called_unit (summons_id, unit) deferrable initially deferred,
        constraint used_link_purpose check (purpose in ('acknowledge', 'on_the_way', 'cannot_come')))""",
)
DOWN: tuple[str, ...] = (
    "drop table dispatch.used_link",
    # What the older form has no words for: drills go, and the newer answers become the nearest older state.
    "delete from dispatch.called_unit where summons_id in (select summons_id from dispatch.summons where drill)",
    "delete from dispatch.summons where drill",
    """update dispatch.called_unit set state = case state when 'cannot_come' then 'called' else 'acknowledged' end
        where state in ('on_the_way', 'substitute_sent', 'cannot_come')""",
    "set constraints all immediate",  # a table with checks still to come cannot be altered
    f"""alter table dispatch.called_unit
        drop constraint called_unit_not_before_the_whistle,
        drop constraint called_unit_checked_in,
        drop constraint called_unit_substitute,
        drop constraint called_unit_state,
        add constraint called_unit_state check (state in ({STATES_BEFORE})),
        drop column plan,
        drop column why,
        drop column notified_at,
        drop column notified_channel,
        drop column answered_at,
        drop column told_at,
        drop column coming_since,
        drop column expected_at,
        drop column substitute,
        drop column cannot_come_at,
        drop column cannot_come_reason,
        drop column checked_in,
        drop column wrong_codes""",
    """alter table dispatch.summons
        drop constraint room_code_is_six_digits,
        drop constraint drill_has_no_case,
        alter column case_id set not null,
        drop column room_code,
        drop column drill""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
