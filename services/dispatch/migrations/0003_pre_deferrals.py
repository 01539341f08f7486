"""More time: extensions and suspensions."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """create table dispatch.deferral (
        deferral_id uuid primary key,
        case_id uuid not null references dispatch.routed_case (case_id) deferrable initially deferred,
        case_code text not null,
        work_order_id uuid not null references dispatch.work_order (work_order_id) deferrable initially deferred,
        unit text not null,
        round integer not null,
        kind text not null,
        state text not null,
        days integer,
        until timestamptz,
        due_at timestamptz not null,
        reason text not null,
        asked_by text not null,
        asked_at timestamptz not null,
        decided_by text,
        decided_at timestamptz,
        decide_reason text,
        number integer,
        new_due_at timestamptz,
        provisional boolean,
        ended_at timestamptz,
        ended_by text,
        end_reason text,
        constraint deferral_number_of_work_order unique (work_order_id, number),
        constraint deferral_kind check (kind in ('extension', 'suspension')),
        constraint deferral_state check (state in ('asked', 'approved', 'refused', 'lapsed', 'resumed')),
        constraint extension_has_days check ((kind = 'extension') = (days is not null)),
        constraint suspension_has_an_end check ((kind = 'suspension') = (until is not null)),
        constraint deferral_decided_on_record
            check ((state in ('approved', 'refused', 'resumed')) = (decided_by is not null and decided_at is not null)),
        constraint asker_does_not_decide check (decided_by is null or decided_by <> asked_by),
        constraint deferral_granted_has_a_number check ((state in ('approved', 'resumed')) = (number is not null)),
        constraint suspension_ended_on_record check ((state = 'resumed') = (ended_at is not null)),
        constraint only_a_suspension_resumes check (state <> 'resumed' or kind = 'suspension'),
        constraint extension_moves_the_time
            check (kind <> 'extension' or (state = 'approved') = (new_due_at is not null)),
        constraint extension_is_later check (kind <> 'extension' or new_due_at is null or new_due_at > due_at))""",
    "create unique index one_undecided_deferral on dispatch.deferral (work_order_id) where state = 'asked'",
    """create unique index one_running_suspension on dispatch.deferral (work_order_id)
        where kind = 'suspension' and state = 'approved'""",
    "create index deferral_undecided on dispatch.deferral (asked_at) where state = 'asked'",
    "create index suspension_running on dispatch.deferral (until) where kind = 'suspension' and state = 'approved'",
    "create index deferral_case on dispatch.deferral (case_id)",
    # 延期、挂账 are facts on record, never edits (DOMAIN: dispatch, 6): what was asked and granted stays as it was.
    """create function dispatch.deferral_stays_on_record() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                raise exception 'deferral %: more time given or refused stays on record', old.deferral_id;
            end if;
            if (new.case_id, new.work_order_id, new.unit, new.round, new.kind, new.days, new.until, new.due_at,
                    new.reason, new.asked_by, new.asked_at)
                is distinct from (old.case_id, old.work_order_id, old.unit, old.round, old.kind, old.days, old.until,
                    old.due_at, old.reason, old.asked_by, old.asked_at) then
                raise exception 'deferral %: what was asked is never edited', old.deferral_id;
            end if;
            if old.decided_at is not null and (new.decided_by, new.decided_at, new.decide_reason, new.number)
                is distinct from (old.decided_by, old.decided_at, old.decide_reason, old.number) then
                raise exception 'deferral %: it was decided, and that stays', old.deferral_id;
            end if;
            if old.new_due_at is not null and new.new_due_at is distinct from old.new_due_at then
                raise exception 'deferral %: a promised time is never edited', old.deferral_id;
            end if;
            return new;
        end $$""",
    """create trigger deferral_stays_on_record before update or delete on dispatch.deferral
        for each row execute function dispatch.deferral_stays_on_record()""",
)
DOWN: tuple[str, ...] = (
    "drop table dispatch.deferral",
    "drop function dispatch.deferral_stays_on_record()",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
