"""What a clock's due time stands on, to count it again; what was told of a case, to audit its clocks.

Beside it: the centre's own promise where a statute gives the time, and the clock it took over from.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GUARD = """create or replace function escalation.clock_keeps_its_terms() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' then
            raise exception 'clock %: a clock is never deleted', old.key;
        end if;
        if %(terms)s then
            raise exception 'clock %%: start and due time are never edited', old.key;
        end if;
        if old.fired_at is not null and new.fired_at is distinct from old.fired_at then
            raise exception 'clock %%: it fired, and that stays', old.key;
        end if;
        if old.ended_at is not null then
            raise exception 'clock %%: it has ended', old.key;
        end if;
        return new;
    end $$"""
EDITED = "(new.started_at, new.due_at) is distinct from (old.started_at, old.due_at)"
# A guess at days nobody had published may be put right once, by the days known then, as long as nothing came of it.
EDITED_OTHERWISE = """(new.started_at, new.first_due_at) is distinct from (old.started_at, old.first_due_at)
            or (new.due_at is distinct from old.due_at and not (
                old.provisional and old.fired_at is null and new.days_known is distinct from old.days_known))"""


def guard(terms: str) -> str:
    return GUARD.replace("%(terms)s", terms).replace("%%", "%")


UP: tuple[str, ...] = (
    "alter table escalation.clock disable trigger clock_keeps_its_terms",
    """alter table escalation.clock
        add column service_due_at timestamptz,
        add column service_limit text,
        add column replaces text,
        add column moved_days integer,
        add column first_due_at timestamptz,
        add column days_known text not null default ''""",
    "update escalation.clock set first_due_at = due_at",
    "alter table escalation.clock alter column first_due_at set not null, alter column days_known drop default",
    "alter table escalation.clock enable trigger clock_keeps_its_terms",
    """create index clock_provisional on escalation.clock (days_known)
        where provisional and ended_at is null and fired_at is null""",
    guard(EDITED_OTHERWISE),
    # What was told of a case as facts, and how far the auditor is that compares them with the clocks.
    "alter table escalation.case_file add column book jsonb",
    "create index case_file_under_way on escalation.case_file (case_id) where closed_at is null",
    "create index clock_open_case on escalation.clock (case_id) where ended_at is null",
    """create table escalation.audit (
        number integer primary key,
        cursor uuid,
        began_at timestamptz not null,
        cases integer not null,
        found integer not null,
        last_cases integer not null,
        last_found integer not null,
        beat_at timestamptz,
        constraint audit_is_one check (number = 1))""",
    "insert into escalation.audit values (1, null, '2000-01-01T00:00:00Z', 0, 0, 0, 0, null)",
)
DOWN: tuple[str, ...] = (
    "drop table escalation.audit",
    "drop index escalation.case_file_under_way",
    "drop index escalation.clock_open_case",
    "alter table escalation.case_file drop column book",
    guard(EDITED),
    "drop index escalation.clock_provisional",
    """alter table escalation.clock
        drop column service_due_at, drop column service_limit, drop column replaces, drop column moved_days,
        drop column first_due_at, drop column days_known""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
