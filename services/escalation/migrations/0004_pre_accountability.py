"""Supervision orders, appeals, referrals to the oversight office."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """create table escalation.supervision_order (
        order_id uuid primary key,
        case_id uuid not null references escalation.case_file (case_id),
        case_code text not null,
        unit text not null,
        level text not null,
        state text not null,
        round integer not null,
        clock text references escalation.clock (key),
        instead_of uuid,
        raised_to uuid,
        issued_by text not null,
        issuer_role text not null,
        issued_at timestamptz not null,
        reason text,
        outcome text,
        ended_by text,
        ended_at timestamptz,
        end_reason text,
        constraint supervision_level_known check (level in ('reminder', 'written_order', 'listed')),
        constraint supervision_state_known check (state in ('open', 'answered', 'closed', 'withdrawn', 'ended')),
        constraint supervision_closes_with_an_outcome check ((state = 'closed') = (outcome is not null)),
        constraint supervision_outcome_known
            check (outcome in ('accepted', 'improved', 'not_accepted', 'unanswered')),
        constraint supervision_not_accepted_goes_on
            check (outcome is null or outcome in ('accepted', 'improved') or raised_to is not null),
        constraint supervision_open_until_ended check ((ended_at is null) = (state in ('open', 'answered'))),
        constraint supervision_by_hand_has_a_reason check ((issuer_role = 'system') = (reason is null)),
        constraint supervision_withdrawn_with_reason check (state <> 'withdrawn' or end_reason is not null))""",
    """create unique index one_order_per_clock_and_level on escalation.supervision_order (clock, level)
        where clock is not null""",
    """create unique index one_order_by_hand_under_way on escalation.supervision_order (case_id, unit)
        where clock is null and state in ('open', 'answered')""",
    """create index supervision_under_way on escalation.supervision_order (issued_at)
        where state in ('open', 'answered')""",
    "create index supervision_case on escalation.supervision_order (case_id)",
    """create table escalation.supervision_answer (
        order_id uuid not null references escalation.supervision_order (order_id),
        round integer not null,
        answer text not null,
        answered_by text not null,
        answered_at timestamptz not null,
        judged_by text,
        judged_at timestamptz,
        judgement text,
        words text,
        primary key (order_id, round),
        constraint answerer_does_not_judge check (judged_by <> answered_by),
        constraint answer_judged_on_record
            check ((judged_by is null) = (judgement is null) and (judged_by is null) = (judged_at is null)),
        constraint judgement_known check (judgement in ('accepted', 'improved', 'not_accepted')))""",
    """create table escalation.appeal (
        appeal_id uuid primary key,
        case_id uuid not null references escalation.case_file (case_id),
        case_code text not null,
        clock text not null references escalation.clock (key),
        stage text not null,
        unit text not null,
        fired_at timestamptz not null,
        state text not null,
        reason text not null,
        words text not null,
        made_by text not null,
        made_at timestamptz not null,
        advice text,
        advice_words text,
        proposed_by text,
        proposed_at timestamptz,
        decided_by text,
        decided_at timestamptz,
        decide_words text,
        exempted_at timestamptz,
        constraint a_clock_is_appealed_against_once unique (clock),
        constraint appeal_state_known check (state in ('made', 'proposed', 'granted', 'refused')),
        constraint appeal_advice_known check (advice in ('support', 'oppose')),
        constraint appeal_proposed_on_record
            check ((state = 'made') = (proposed_by is null) and (state = 'made') = (advice is null)),
        constraint appeal_decided_on_record
            check ((state in ('granted', 'refused')) = (decided_by is not null and decided_at is not null)),
        constraint only_a_granted_appeal_exempts check ((state = 'granted') = (exempted_at is not null)),
        constraint appellant_does_not_propose check (proposed_by <> made_by),
        constraint appellant_does_not_decide check (decided_by <> made_by),
        constraint proposer_does_not_decide check (decided_by <> proposed_by))""",
    "create index appeal_waits on escalation.appeal (made_at) where state in ('made', 'proposed')",
    "create index appeal_case on escalation.appeal (case_id)",
    """create table escalation.referral (
        referral_id uuid primary key,
        case_id uuid not null references escalation.case_file (case_id),
        case_code text not null,
        unit text not null,
        cause text not null,
        ground text not null,
        clock text references escalation.clock (key),
        evidence jsonb not null,
        state text not null,
        proposed_at timestamptz not null,
        decided_by text,
        decided_at timestamptz,
        reason text,
        result text,
        words text,
        answered_by text,
        answered_at timestamptz,
        closed_by text,
        closed_at timestamptz,
        constraint one_referral_per_ground unique (ground),
        constraint referral_cause_known check (cause in ('overdue', 'unanswered', 'absent', 'reopened')),
        constraint referral_state_known
            check (state in ('proposed', 'not_referred', 'referred', 'answered', 'closed', 'dropped')),
        constraint referral_decided_by_a_person_with_reason
            check ((state in ('proposed', 'dropped')) = (decided_by is null)
                and (decided_by is null) = (reason is null) and (decided_by is null) = (decided_at is null)),
        constraint referral_answered_on_record
            check ((state in ('answered', 'closed')) = (answered_by is not null and result is not null)),
        constraint referral_closed_on_record check ((state = 'closed') = (closed_by is not null)),
        constraint referrer_does_not_answer check (answered_by <> decided_by))""",
    "create index referral_clock on escalation.referral (clock) where clock is not null",
    """create index referral_under_way on escalation.referral (proposed_at)
        where state in ('proposed', 'referred', 'answered')""",
    "create index referral_case on escalation.referral (case_id)",
    # What somebody was held to, and how it ended, stays on record: it is added to, never taken back. Only words are
    # erased when their time is over: `[已到期删除]` is the one thing that may take their place.
    """create function escalation.stays_on_record() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                raise exception '%: what was ordered, appealed or referred is never deleted', tg_table_name;
            end if;
            if old.state = any (tg_argv) and exists (
                select from jsonb_each(to_jsonb(new)) as field
                where field.value is distinct from to_jsonb(old) -> field.key
                    and field.value <> '"[已到期删除]"') then
                raise exception '%: it is % and stays so', tg_table_name, old.state;
            end if;
            return new;
        end $$""",
    """create function escalation.said_stays_said() returns trigger language plpgsql as $$
        declare
            field text;
        begin
            foreach field in array tg_argv loop
                if to_jsonb(new) -> field is distinct from to_jsonb(old) -> field
                    and to_jsonb(new) ->> field is distinct from '[已到期删除]' then
                    raise exception '%: % is never edited', tg_table_name, field;
                end if;
            end loop;
            return new;
        end $$""",
    """create trigger said_stays_said before update on escalation.supervision_order
        for each row execute function escalation.said_stays_said(
            'case_id', 'unit', 'level', 'clock', 'issued_by', 'issuer_role', 'issued_at', 'reason')""",
    """create trigger said_stays_said before update on escalation.supervision_answer
        for each row execute function escalation.said_stays_said('answer', 'answered_by', 'answered_at')""",
    """create trigger said_stays_said before update on escalation.appeal
        for each row execute function escalation.said_stays_said(
            'case_id', 'clock', 'unit', 'fired_at', 'reason', 'words', 'made_by', 'made_at')""",
    """create trigger said_stays_said before update on escalation.referral
        for each row execute function escalation.said_stays_said(
            'case_id', 'unit', 'cause', 'ground', 'clock', 'evidence', 'proposed_at')""",
    """create trigger stays_on_record before delete on escalation.supervision_answer
        for each row execute function escalation.stays_on_record()""",
    """create trigger stays_on_record before update or delete on escalation.supervision_order
        for each row execute function escalation.stays_on_record('closed', 'withdrawn', 'ended')""",
    """create trigger stays_on_record before update or delete on escalation.appeal
        for each row execute function escalation.stays_on_record('granted', 'refused')""",
    """create trigger stays_on_record before update or delete on escalation.referral
        for each row execute function escalation.stays_on_record('not_referred', 'closed', 'dropped')""",
)
DOWN: tuple[str, ...] = (
    "drop table escalation.referral",
    "drop table escalation.appeal",
    "drop table escalation.supervision_answer",
    "drop table escalation.supervision_order",
    "drop function escalation.stays_on_record()",
    "drop function escalation.said_stays_said()",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
