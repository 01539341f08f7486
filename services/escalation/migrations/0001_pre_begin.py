"""Case files, clocks and verifications."""

from alembic import op

from shared.infra.spine_v1 import spine_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWN = (
    """create table escalation.case_file (
        case_id uuid primary key,
        case_code text not null unique,
        owner text,
        "window" text,
        category text,
        level text,
        place text,
        pack_version text,
        handling_mode text,
        closed_at timestamptz,
        closed_reason text,
        constraint case_file_closed_with_reason check ((closed_at is null) = (closed_reason is null)))""",
    """create table escalation.clock (
        key text primary key,
        case_id uuid not null references escalation.case_file (case_id),
        case_code text not null,
        stage text not null,
        owes text not null,
        work_order_id uuid,
        summons_id uuid,
        started_at timestamptz not null,
        armed_at timestamptz not null,
        due_at timestamptz not null,
        provisional boolean not null,
        limit_text text not null,
        limit_id text not null,
        limit_source text not null,
        pack_version text not null,
        plan jsonb not null,
        next_step integer not null,
        next_at timestamptz,
        state text not null,
        fired_at timestamptz,
        warned integer[] not null,
        acknowledged_at timestamptz,
        ended_at timestamptz,
        reason text,
        constraint clock_state_known check (state in ('armed', 'overdue', 'met', 'met_late', 'cancelled')),
        constraint clock_open_until_ended check ((ended_at is null) = (state in ('armed', 'overdue'))),
        constraint clock_ended_is_silent check (ended_at is null or next_at is null),
        constraint clock_armed_has_not_fired check (state <> 'armed' or fired_at is null),
        constraint clock_late_has_fired check (state not in ('overdue', 'met_late') or fired_at is not null),
        constraint clock_cancelled_with_reason check ((state = 'cancelled') = (reason is not null)),
        constraint clock_due_after_start check (due_at > started_at))""",
    "create index clock_next on escalation.clock (next_at) where next_at is not null",
    "create index clock_open on escalation.clock (due_at) where ended_at is null",
    "create index clock_case on escalation.clock (case_id)",
    # A promise once made stays on record as it was made: an overdue fact is never erased (DOMAIN: clocks, 3).
    """create function escalation.clock_keeps_its_terms() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                raise exception 'clock %: a clock is never deleted', old.key;
            end if;
            if (new.started_at, new.due_at) is distinct from (old.started_at, old.due_at) then
                raise exception 'clock %: start and due time are never edited', old.key;
            end if;
            if old.fired_at is not null and new.fired_at is distinct from old.fired_at then
                raise exception 'clock %: it fired, and that stays', old.key;
            end if;
            if old.ended_at is not null then
                raise exception 'clock %: it has ended', old.key;
            end if;
            return new;
        end $$""",
    """create trigger clock_keeps_its_terms before update or delete on escalation.clock
        for each row execute function escalation.clock_keeps_its_terms()""",
    """create table escalation.verification (
        verification_id uuid primary key,
        case_id uuid not null references escalation.case_file (case_id),
        case_code text not null,
        work_order_id uuid not null,
        unit text not null,
        place text,
        round integer not null,
        pack_version text not null,
        category text,
        level text not null,
        reported_by text not null,
        assigned_at timestamptz not null,
        state text not null,
        outcome text,
        verified_by text,
        note text,
        recorded_at timestamptz,
        constraint verification_state_known check (state in ('open', 'recorded', 'cancelled')),
        constraint verification_recorded_with_outcome check ((state = 'recorded') = (outcome is not null)))""",
    "create index verification_open on escalation.verification (assigned_at) where state = 'open'",
    "create index verification_case on escalation.verification (case_id)",
)


def upgrade() -> None:
    for statement in (*spine_v1("escalation"), *OWN):
        op.execute(statement)


def downgrade() -> None:
    own = ("verification", "clock", "case_file")
    spine = ("centre_pack", "dead_letter", "request", "inbox", "chain", "event")
    for table in (*own, *spine):
        op.execute(f"drop table escalation.{table}")
    for function in ("clock_keeps_its_terms", "event_is_append_only", "event_wakes_relay"):
        op.execute(f"drop function escalation.{function}()")
