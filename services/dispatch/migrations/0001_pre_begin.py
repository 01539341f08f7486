"""Routed cases, work orders and their reports, summonses and the units they call."""

from alembic import op

from shared.infra.spine_v1 import spine_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWN = (
    """create table dispatch.routed_case (
        case_id uuid primary key,
        case_code text not null unique,
        source text not null,
        category text,
        place text,
        level text not null,
        pack_version text not null,
        accepted_at timestamptz not null,
        routed_at timestamptz not null,
        owner text not null,
        state text not null,
        returns integer not null,
        reason text not null,
        decision jsonb not null,
        current_work_order_id uuid,
        waiting_since timestamptz,
        closed_at timestamptz,
        constraint routed_case_level check (level in ('I', 'II', 'III', 'IV')),
        constraint routed_case_state check (state in ('triage', 'dispatched', 'closed')),
        constraint routed_case_has_an_owner check (owner <> ''),
        constraint dispatched_case_has_a_work_order
            check (state <> 'dispatched' or current_work_order_id is not null),
        constraint triage_case_waits_for_a_person
            check (state <> 'triage' or (current_work_order_id is null and waiting_since is not null)))""",
    "create index routed_case_in_triage on dispatch.routed_case (waiting_since) where state = 'triage'",
    """create table dispatch.work_order (
        work_order_id uuid primary key,
        case_id uuid not null references dispatch.routed_case (case_id) deferrable initially deferred,
        case_code text not null,
        unit text not null,
        role text not null,
        state text not null,
        round integer not null,
        sent_by text not null,
        send_reason text,
        dispatched_at timestamptz not null,
        signed_off_at timestamptz,
        signed_off_by text,
        returned_at timestamptz,
        returned_by text,
        return_reason text,
        return_ground text,
        suggested_unit text,
        reported_back_at timestamptz,
        reopened_at timestamptz,
        closed_at timestamptz,
        constraint work_order_of_case unique (case_id, work_order_id),
        constraint work_order_role check (role in ('lead')),
        constraint work_order_state
            check (state in ('dispatched', 'signed_off', 'handling', 'reported_back', 'returned', 'closed')),
        constraint work_order_round check (round >= 1))""",
    """create unique index one_open_lead on dispatch.work_order (case_id)
        where role = 'lead' and state in ('dispatched', 'signed_off', 'handling')""",
    """create index work_order_open on dispatch.work_order (unit, dispatched_at)
        where role = 'lead' and state in ('dispatched', 'signed_off', 'handling')""",
    """alter table dispatch.routed_case add constraint current_work_order_of_this_case
        foreign key (case_id, current_work_order_id) references dispatch.work_order (case_id, work_order_id)
        deferrable initially deferred""",
    """create table dispatch.work_order_report (
        work_order_id uuid references dispatch.work_order (work_order_id) deferrable initially deferred,
        round integer,
        outcome text not null,
        result text not null,
        reported_by text not null,
        reported_at timestamptz not null,
        primary key (work_order_id, round))""",
    # Every open case is with exactly one unit: looked at when a transaction commits, whatever it did on the way.
    """create function dispatch.case_is_with_one_unit() returns trigger language plpgsql as $$
        declare
            found_case dispatch.routed_case;
            held boolean;
        begin
            select * into found_case from dispatch.routed_case where case_id = new.case_id;
            if found_case.state = 'dispatched' then
                select true into held from dispatch.work_order
                    where work_order_id = found_case.current_work_order_id and role = 'lead'
                    and unit = found_case.owner and state in ('dispatched', 'signed_off', 'handling', 'reported_back');
            else
                select count(*) = 0 into held from dispatch.work_order
                    where case_id = found_case.case_id and state in ('dispatched', 'signed_off', 'handling');
            end if;
            if held is not true then
                raise exception 'case % is % by % but its work orders say otherwise',
                    found_case.case_code, found_case.state, found_case.owner using errcode = 'check_violation';
            end if;
            return null;
        end $$""",
    """create constraint trigger case_is_with_one_unit after insert or update on dispatch.routed_case
        deferrable initially deferred for each row execute function dispatch.case_is_with_one_unit()""",
    """create constraint trigger work_order_is_of_one_case after insert or update on dispatch.work_order
        deferrable initially deferred for each row execute function dispatch.case_is_with_one_unit()""",
    """create table dispatch.summons (
        summons_id uuid primary key,
        case_id uuid not null references dispatch.routed_case (case_id) deferrable initially deferred,
        case_code text not null,
        ground text not null,
        reason text not null,
        state text not null,
        asked_by text not null,
        asked_at timestamptz not null,
        decided_by text,
        decided_at timestamptz,
        refuse_reason text,
        pack_version text,
        stood_down_by text,
        stand_down_reason text,
        ended_at timestamptz,
        constraint summons_state
            check (state in ('asked', 'running', 'refused', 'assembled', 'incomplete', 'stood_down')),
        constraint asker_does_not_approve
            check (state in ('asked', 'refused', 'stood_down') or coalesce(decided_by, asked_by) <> asked_by))""",
    "create index summons_open on dispatch.summons (case_id) where state in ('asked', 'running')",
    "create index summons_asked_at on dispatch.summons (asked_at)",
    """create table dispatch.called_unit (
        summons_id uuid references dispatch.summons (summons_id) deferrable initially deferred,
        unit text,
        "position" integer not null,
        state text not null,
        called_at timestamptz,
        acknowledged_at timestamptz,
        acknowledged_by text,
        arrived_at timestamptz,
        checked_in_by text,
        ended_at timestamptz,
        primary key (summons_id, unit),
        constraint called_unit_state
            check (state in ('named', 'called', 'acknowledged', 'arrived', 'not_arrived', 'stood_down')))""",
)
TABLES = ("called_unit", "summons", "work_order_report", "work_order", "routed_case")
SPINE_TABLES = ("centre_pack", "dead_letter", "request", "inbox", "chain", "event")
FUNCTIONS = ("case_is_with_one_unit", "event_is_append_only", "event_wakes_relay")


def upgrade() -> None:
    for statement in (*spine_v1("dispatch"), *OWN):
        op.execute(statement)


def downgrade() -> None:
    op.execute("alter table dispatch.routed_case drop constraint current_work_order_of_this_case")
    for table in (*TABLES, *SPINE_TABLES):
        op.execute(f"drop table dispatch.{table}")
    for function in FUNCTIONS:
        op.execute(f"drop function dispatch.{function}()")
