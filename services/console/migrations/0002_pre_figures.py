"""Facts to be counted: cases, promises in time, acts."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MATTER = "category text, place text, level text, window_code text"
COVERED = "place, category, level, window_code"
UP: tuple[str, ...] = (
    f"""create table console.figure_case (
        case_id uuid primary key,
        case_code text not null,
        source text,
        unit text,
        registered_at timestamptz,
        over_at timestamptz,
        outcome text,
        {MATTER})""",
    f"create index figure_case_registered on console.figure_case (registered_at) include (unit, {COVERED})",
    "create index figure_case_over on console.figure_case (over_at)"
    f" include (outcome, unit, {COVERED}) where over_at is not null",
    f"""create table console.figure_promise (
        clock text primary key,
        case_id uuid not null,
        case_code text not null,
        drill boolean not null,
        stage text not null,
        unit text,
        verdict text not null,
        counted_at timestamptz,
        started_at timestamptz,
        due_at timestamptz,
        met_at timestamptz,
        fired_at timestamptz,
        ended_at timestamptz,
        reason text,
        exempted_at timestamptz,
        {MATTER},
        constraint figure_promise_verdict_known check (verdict in ('open', 'in_time', 'late', 'exempt', 'void')))""",
    "create index figure_promise_case on console.figure_promise (case_id)",
    "create index figure_promise_counted on console.figure_promise (counted_at)"
    f" include (stage, verdict, unit, drill, {COVERED})",
    "create index figure_promise_fired on console.figure_promise (fired_at)"
    f" include (stage, unit, drill, {COVERED}) where fired_at is not null",
    f"""create table console.figure_act (
        act_id uuid primary key,
        case_id uuid not null,
        case_code text not null,
        kind text not null,
        at timestamptz not null,
        unit text,
        outcome text,
        reached boolean,
        solved boolean,
        responded boolean,
        {MATTER})""",
    "create index figure_act_case on console.figure_act (case_id)",
    "create index figure_act_at on console.figure_act (at)"
    f" include (kind, unit, outcome, reached, solved, responded, {COVERED})",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for table in ("figure_act", "figure_promise", "figure_case"):
        op.execute(f"drop table console.{table}")
