"""Supporting work orders, routings, rulings and proposals."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A table with checks still to be made is not altered.
CHECK_NOW, CHECK_LATER = "set constraints all immediate", "set constraints all deferred"

CASE = (
    """alter table dispatch.routed_case
        add column flags text[] not null default '{}',
        add column first_receiver text,
        add column desk text not null default 'dispatcher',
        add column hops integer not null default 0,
        add column routings integer not null default 0,
        add constraint routed_case_desk check (desk in ('dispatcher', 'duty_director'))""",
    """update dispatch.routed_case as one set
        routings = 1,
        hops = (select count(*) from dispatch.work_order where case_id = one.case_id),
        desk = case when state = 'triage' and returns >= 2 then 'duty_director' else 'dispatcher' end""",
    CHECK_NOW,
    "create index routed_case_accepted_at on dispatch.routed_case (accepted_at, case_id)",
)
WORK_ORDER = (
    """alter table dispatch.work_order
        add column designated boolean not null default false,
        add column disputed boolean not null default false,
        add column return_desk text,
        add column withdrawn_at timestamptz,
        add column withdrawn_by text,
        add column withdraw_cause text,
        add column withdraw_reason text,
        drop constraint work_order_role,
        add constraint work_order_role check (role in ('lead', 'support')),
        drop constraint work_order_state,
        add constraint work_order_state check (state in
            ('dispatched', 'signed_off', 'handling', 'reported_back', 'returned', 'withdrawn', 'closed')),
        add constraint designated_is_not_returned check (not (designated and state = 'returned')),
        add constraint work_order_return_desk check (return_desk in ('dispatcher', 'duty_director'))""",
    """create unique index one_open_order_of_unit on dispatch.work_order (case_id, unit)
        where state in ('dispatched', 'signed_off', 'handling')""",
    "drop index dispatch.work_order_open",
    """create index work_order_open on dispatch.work_order (unit, dispatched_at)
        where state in ('dispatched', 'signed_off', 'handling')""",
    """create index support_returned on dispatch.work_order (returned_at)
        where role = 'support' and state = 'returned'""",
)
# Every open case is with exactly one lead unit, and that unit has not finished while a supporter owes: looked at when a
# transaction commits, whatever it did on the way. A supporter that returned owes until a person has decided.
GUARD = """create or replace function dispatch.case_is_with_one_unit() returns trigger language plpgsql as $$
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
                where case_id = found_case.case_id and state in ('dispatched', 'signed_off', 'handling')
                and (role = 'lead' or found_case.state = 'closed');
        end if;
        if held is not true then
            raise exception 'case % is % by % but its work orders say otherwise',
                found_case.case_code, found_case.state, found_case.owner using errcode = 'check_violation';
        end if;
        if exists (select from dispatch.work_order as lead
                join dispatch.work_order as support using (case_id)
                where lead.work_order_id = found_case.current_work_order_id and lead.state = 'reported_back'
                and support.role = 'support'
                and support.state in ('dispatched', 'signed_off', 'handling', 'returned')) then
            raise exception 'the lead unit of case % has finished while a supporting one owes',
                found_case.case_code using errcode = 'check_violation';
        end if;
        return null;
    end $$"""
ROUTING = (
    """create table dispatch.routing (
        case_id uuid references dispatch.routed_case (case_id) deferrable initially deferred,
        number integer,
        "by" text not null,
        unit text not null,
        supporters text[] not null,
        rule text,
        reason text not null,
        considered jsonb not null,
        source text not null,
        category text,
        place text,
        level text not null,
        flags text[] not null,
        pack_version text not null,
        decided_by text not null,
        words text,
        routed_at timestamptz not null,
        primary key (case_id, number),
        constraint routing_number check (number >= 1),
        constraint routing_by check ("by" in ('rule', 'fallback', 'triage', 'person', 'designation')))""",
    # What the table decided before routings were kept; who sent a case on in those days is on its work orders.
    """insert into dispatch.routing
        select case_id, 1, decision ->> 'by', coalesce(decision ->> 'unit', owner), '{}', decision ->> 'rule_id',
            decision ->> 'reason', decision -> 'considered', source, category, place, level, '{}', pack_version,
            'table', null, routed_at
        from dispatch.routed_case""",
)
RULING = (
    """create table dispatch.ruling (
        ruling_id uuid primary key,
        case_id uuid not null references dispatch.routed_case (case_id) deferrable initially deferred,
        case_code text not null,
        category text,
        place text,
        township text,
        unit text not null,
        instead_of text[] not null,
        ground text not null,
        ruled_by text not null,
        ruled_at timestamptz not null)""",
    "create index ruling_of_case on dispatch.ruling (case_id)",
    "create index ruling_at on dispatch.ruling (township, ruled_at)",
)
PROPOSAL = (
    """create table dispatch.proposal (
        proposal_id uuid primary key,
        case_id uuid not null references dispatch.routed_case (case_id) deferrable initially deferred,
        case_code text not null,
        state text not null,
        unit text not null,
        supporters text[] not null,
        instead_of text not null,
        rule text,
        reason text not null,
        considered jsonb not null,
        category text,
        place text,
        level text not null,
        proposed_at timestamptz not null,
        decided_by text,
        decide_reason text,
        decided_at timestamptz,
        constraint proposal_state check (state in ('open', 'confirmed', 'dismissed', 'superseded', 'lapsed')),
        constraint proposal_decided_once check ((state = 'open') = (decided_at is null)))""",
    "create unique index one_open_proposal on dispatch.proposal (case_id) where state = 'open'",
)
UP = (*CASE, *WORK_ORDER, GUARD, *ROUTING, *RULING, *PROPOSAL, CHECK_LATER)

GUARD_BEFORE = """create or replace function dispatch.case_is_with_one_unit() returns trigger language plpgsql as $$
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
    end $$"""
# What did not exist before cannot be kept: supporting work orders go, and a withdrawn lead is a closed one.
DOWN = (
    "drop table dispatch.proposal",
    "drop table dispatch.ruling",
    "drop table dispatch.routing",
    """delete from dispatch.work_order_report where work_order_id in
        (select work_order_id from dispatch.work_order where role = 'support')""",
    "delete from dispatch.work_order where role = 'support'",
    "update dispatch.work_order set state = 'closed', closed_at = withdrawn_at where state = 'withdrawn'",
    CHECK_NOW,
    GUARD_BEFORE,
    "drop index dispatch.support_returned",
    "drop index dispatch.work_order_open",
    """create index work_order_open on dispatch.work_order (unit, dispatched_at)
        where role = 'lead' and state in ('dispatched', 'signed_off', 'handling')""",
    "drop index dispatch.one_open_order_of_unit",
    """alter table dispatch.work_order
        drop constraint work_order_return_desk,
        drop constraint designated_is_not_returned,
        drop constraint work_order_state,
        add constraint work_order_state
            check (state in ('dispatched', 'signed_off', 'handling', 'reported_back', 'returned', 'closed')),
        drop constraint work_order_role,
        add constraint work_order_role check (role in ('lead')),
        drop column withdraw_reason,
        drop column withdraw_cause,
        drop column withdrawn_by,
        drop column withdrawn_at,
        drop column return_desk,
        drop column disputed,
        drop column designated""",
    "drop index dispatch.routed_case_accepted_at",
    """alter table dispatch.routed_case
        drop constraint routed_case_desk,
        drop column routings,
        drop column hops,
        drop column desk,
        drop column first_receiver,
        drop column flags""",
    CHECK_LATER,
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
