"""Contacts, notices and their messages, and the rosters that say whom a post means."""

from alembic import op

from shared.infra.spine_v1 import spine_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWN: tuple[str, ...] = (
    """create table notification.notice (
        notice_id uuid primary key,
        kind text not null,
        post text not null,
        unit text,
        case_id uuid,
        case_code text,
        summons_id uuid,
        work_order_id uuid,
        clock text,
        step integer,
        facts jsonb not null,
        matter text not null,
        settled_by text[] not null,
        urgent boolean not null,
        drill boolean not null,
        created_at timestamptz not null,
        planned_at timestamptz,
        same_as uuid,
        handed_over_at timestamptz,
        handed_over_on text,
        unreached text,
        unreached_at timestamptz,
        constraint notice_handed_over_on_channel check ((handed_over_at is null) = (handed_over_on is null)),
        constraint notice_unreached_with_why check ((unreached_at is null) = (unreached is null)),
        constraint notice_unreached_known
            check (unreached in ('nobody_on_duty', 'no_contact', 'all_channels_failed')))""",
    "create index notice_unplanned on notification.notice (created_at) where planned_at is null",
    "create index notice_matter on notification.notice (matter, created_at)",
    "create index notice_case on notification.notice (case_code, created_at)",
    "create index notice_created on notification.notice (created_at)",
    "create index notice_summons on notification.notice (summons_id, unit) where summons_id is not null",
    "create index notice_work_order on notification.notice (work_order_id) where work_order_id is not null",
    "create index notice_same_as on notification.notice (same_as) where same_as is not null",
    """create table notification.message (
        message_id uuid primary key,
        notice_id uuid not null references notification.notice (notice_id) deferrable initially deferred,
        staff text not null,
        role text,
        channel text not null,
        urgent boolean not null,
        case_id uuid,
        case_code text,
        state text not null,
        created_at timestamptz not null,
        next_try_at timestamptz,
        deadline_at timestamptz,
        give_up_at timestamptz,
        tries integer not null,
        lease uuid,
        leased_until timestamptz,
        remote_id text,
        sent_at timestamptz,
        delivered_at timestamptz,
        read_at timestamptz,
        answered_at timestamptz,
        ended_at timestamptz,
        why text,
        constraint message_once_per_channel unique (notice_id, staff, channel),
        constraint message_state_known check (state in
            ('pending', 'sending', 'sent', 'delivered', 'failed', 'read', 'answered', 'skipped')),
        constraint message_pending_is_tried check ((state = 'pending') = (next_try_at is not null)),
        constraint message_sending_is_leased check ((state = 'sending') = (lease is not null)),
        constraint message_lease_ends check ((lease is null) = (leased_until is null)),
        constraint message_ended check ((state in ('failed', 'skipped')) = (ended_at is not null)),
        constraint message_ended_with_why check (state not in ('failed', 'skipped') or why is not null))""",
    "create index message_due on notification.message (channel, next_try_at) where state = 'pending'",
    "create index message_leased on notification.message (leased_until) where state = 'sending'",
    "create index message_remote on notification.message (channel, remote_id) where remote_id is not null",
    "create index message_case on notification.message (case_code, created_at) where case_code is not null",
    "create index message_role on notification.message (role, created_at) where role is not null",
    "create index message_staff on notification.message (staff, created_at)",
    "create index message_created on notification.message (created_at)",
    """create table notification.attempt (
        attempt_id bigint generated always as identity primary key,
        message_id uuid not null references notification.message (message_id) deferrable initially deferred,
        number integer not null,
        send_id uuid not null,
        channel text not null,
        address_mark text not null,
        at timestamptz not null,
        ended_at timestamptz,
        result text not null,
        constraint attempt_number_once unique (message_id, number))""",
    "create index attempt_window on notification.attempt (channel, address_mark, at)",
    """create table notification.contact (
        staff text not null,
        channel text not null,
        address text not null,
        position integer not null,
        failures integer not null,
        last_failure text,
        checked_at timestamptz,
        set_by text not null,
        set_at timestamptz not null,
        primary key (staff, channel),
        constraint contact_position_counts_from_1 check (position >= 1),
        constraint contact_failures_counted check (failures >= 0),
        constraint contact_inbox_needs_none check (channel <> 'inbox'))""",
    """create table notification.roster_copy (
        code text primary key,
        kind text not null,
        unit text,
        text text not null,
        changed_at timestamptz not null)""",
    "create index roster_copy_kind on notification.roster_copy (kind, unit)",
    """create table notification.settled (
        key text primary key,
        why text not null,
        at timestamptz not null)""",
    "create index settled_at on notification.settled (at)",
    """create table notification.summons_call (
        summons_id uuid not null,
        unit text not null,
        case_id uuid not null,
        case_code text not null,
        drill boolean not null,
        category text,
        place text,
        level text not null,
        pack_version text not null,
        called_at timestamptz not null,
        primary key (summons_id, unit))""",
    "create index summons_call_called_at on notification.summons_call (called_at)",
)
TABLES: tuple[str, ...] = ("summons_call", "settled", "roster_copy", "contact", "attempt", "message", "notice")
SPINE_TABLES = ("centre_pack", "dead_letter", "request", "inbox", "chain", "event")
FUNCTIONS = ("event_is_append_only", "event_wakes_relay")


def upgrade() -> None:
    for statement in (*spine_v1("notification"), *OWN):
        op.execute(statement)


def downgrade() -> None:
    for table in (*TABLES, *SPINE_TABLES):
        op.execute(f"drop table notification.{table}")
    for function in FUNCTIONS:
        op.execute(f"drop function notification.{function}()")
