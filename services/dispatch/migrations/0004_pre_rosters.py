"""Rosters, overrides, swaps, and the watch handed over."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """create table dispatch.roster (
        code text primary key,
        kind text not null,
        unit text,
        revision integer not null,
        checked_revision integer not null,
        checked_at timestamptz)""",
    """create table dispatch.roster_version (
        version_id uuid primary key,
        roster text not null references dispatch.roster (code) deferrable initially deferred,
        content jsonb not null,
        set_by text not null,
        in_force_from timestamptz not null,
        in_force_until timestamptz,
        constraint roster_version_ends_after_it_begins check (in_force_until >= in_force_from))""",
    "create unique index one_roster_in_force on dispatch.roster_version (roster) where in_force_until is null",
    "create index roster_version_by_time on dispatch.roster_version (roster, in_force_from)",
    """create table dispatch.roster_override (
        override_id uuid primary key,
        roster text not null references dispatch.roster (code) deferrable initially deferred,
        action text not null,
        staff text not null,
        unit text,
        instead_of text,
        shift text not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        reason text not null,
        origin text not null,
        swap_id uuid,
        made_by text not null,
        made_at timestamptz not null,
        cancelled_at timestamptz,
        cancelled_by text,
        cancel_reason text,
        constraint override_action check (action in ('add', 'remove', 'replace', 'temporary')),
        constraint override_shift check (shift in ('primary', 'backup')),
        constraint override_origin check (origin in ('person', 'swap', 'substitution', 'import')),
        constraint override_ends_after_it_starts check (ends_at > starts_at),
        constraint override_replaces_somebody check ((action = 'replace') = (instead_of is not null)),
        constraint override_is_of_the_future check (starts_at >= made_at),
        constraint override_cancelled_by_somebody check ((cancelled_at is null) = (cancelled_by is null)))""",
    "create index roster_override_by_time on dispatch.roster_override (roster, ends_at)",
    """create table dispatch.roster_swap (
        swap_id uuid primary key,
        roster text not null references dispatch.roster (code) deferrable initially deferred,
        gives text not null,
        takes text not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        returned_starts_at timestamptz,
        returned_ends_at timestamptz,
        state text not null,
        asked_by text not null,
        asked_at timestamptz not null,
        answered_by text,
        answered_at timestamptz,
        constraint swap_state check (state in ('asked', 'accepted', 'declined', 'lapsed')),
        constraint swap_between_two check (gives <> takes),
        constraint swap_returned_stretch_is_whole check ((returned_starts_at is null) = (returned_ends_at is null)),
        constraint swap_answered_by_somebody check ((state in ('asked', 'lapsed')) = (answered_by is null)))""",
    "create index roster_swap_open on dispatch.roster_swap (roster) where state = 'asked'",
    """create table dispatch.duty_gap (
        gap_id uuid primary key,
        roster text not null references dispatch.roster (code) deferrable initially deferred,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        found_at timestamptz not null,
        filled_at timestamptz)""",
    "create unique index duty_gap_told_once on dispatch.duty_gap (roster, starts_at) where filled_at is null",
    """create table dispatch.handover (
        handover_id uuid primary key,
        outgoing text not null,
        incoming text not null,
        note text not null,
        items jsonb not null,
        state text not null,
        offered_at timestamptz not null,
        accepted_at timestamptz,
        constraint handover_state check (state in ('offered', 'accepted', 'withdrawn')),
        constraint handover_accepted_at check ((state = 'accepted') = (accepted_at is not null)),
        constraint handover_to_another check (outgoing <> incoming))""",
    "create unique index one_handover_offered on dispatch.handover (state) where state = 'offered'",
    """create table dispatch.watch (
        number integer primary key,
        director text not null,
        began_at timestamptz not null,
        ended_at timestamptz,
        follows timestamptz,
        handover_id uuid references dispatch.handover (handover_id) deferrable initially deferred,
        constraint only_the_first_watch_follows_none check ((number = 1) = (follows is null)),
        constraint watch_begins_where_one_ended check (follows is null or follows = began_at),
        constraint watch_ends_after_it_began check (ended_at > began_at),
        constraint one_watch_ends_there unique (ended_at),
        constraint one_watch_follows unique (follows))""",
    """alter table dispatch.watch add constraint watch_follows_a_watch
        foreign key (follows) references dispatch.watch (ended_at) deferrable initially deferred""",
    """alter table dispatch.watch add constraint watch_is_followed_by_a_watch
        foreign key (ended_at) references dispatch.watch (follows) deferrable initially deferred""",
)
TABLES = ("watch", "handover", "duty_gap", "roster_swap", "roster_override", "roster_version", "roster")
DOWN: tuple[str, ...] = tuple(f"drop table dispatch.{table}" for table in TABLES)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
