"""Normal and surge mode: an unbroken chain of periods, the surges, and how they were prolonged."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MODES = "'normal', 'surge.I', 'surge.II', 'surge.III', 'surge.IV'"

UP: tuple[str, ...] = (
    f"""create table dispatch.surge (
        surge_id uuid primary key,
        mode text not null,
        highest text not null,
        pack_version text not null,
        began_at timestamptz not null,
        at_level_since timestamptz not null,
        expected_end timestamptz not null,
        ended_at timestamptz,
        prolonged integer not null,
        reminded integer not null,
        remind_at timestamptz,
        report_at timestamptz,
        figures jsonb,
        summarized_at timestamptz,
        constraint surge_mode check (mode in ({MODES}) and mode <> 'normal'),
        constraint surge_highest check (highest in ({MODES}) and highest <> 'normal'),
        constraint surge_reminds_until_it_ends check ((ended_at is null) = (remind_at is not null)),
        constraint surge_reports_until_it_ends check (ended_at is null or report_at is null),
        constraint surge_ends_after_it_began check (ended_at > began_at),
        constraint surge_summarized_once_it_is_over check (summarized_at is null or ended_at is not null),
        constraint surge_summary_is_whole check ((figures is null) = (summarized_at is null)))""",
    "create unique index one_open_surge on dispatch.surge ((ended_at is null)) where ended_at is null",
    f"""create table dispatch.mode_period (
        number integer primary key,
        mode text not null,
        surge_id uuid references dispatch.surge (surge_id) deferrable initially deferred,
        measures text[] not null,
        reason text,
        expected_end timestamptz,
        switched_by text not null,
        pack_version text,
        began_at timestamptz not null,
        ended_at timestamptz,
        follows timestamptz,
        constraint mode_period_mode check (mode in ({MODES})),
        constraint surge_period_has_its_surge check ((mode = 'normal') = (surge_id is null)),
        constraint surge_period_has_an_expected_end check ((mode = 'normal') = (expected_end is null)),
        constraint only_the_first_period_follows_none check ((number = 1) = (follows is null)),
        constraint period_begins_where_one_ended check (follows is null or follows = began_at),
        constraint period_ends_after_it_began check (ended_at > began_at),
        constraint one_period_ends_there unique (ended_at),
        constraint one_period_follows unique (follows))""",
    """alter table dispatch.mode_period add constraint period_follows_a_period
        foreign key (follows) references dispatch.mode_period (ended_at) deferrable initially deferred""",
    """alter table dispatch.mode_period add constraint period_is_followed_by_a_period
        foreign key (ended_at) references dispatch.mode_period (follows) deferrable initially deferred""",
    # Every centre begins in normal mode, so that the mode of any instant is on record.
    """insert into dispatch.mode_period (number, mode, measures, switched_by, began_at)
        values (1, 'normal', '{}', 'system', '1970-01-01T00:00:00Z')""",
    """create function dispatch.mode_period_stays() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                raise exception 'mode period %: what mode it was stays on record', old.number;
            end if;
            if old.ended_at is not null or (to_jsonb(new) - 'ended_at') <> (to_jsonb(old) - 'ended_at') then
                raise exception 'mode period %: it ends once, and nothing else of it changes', old.number;
            end if;
            return new;
        end $$""",
    """create trigger mode_period_stays before update or delete on dispatch.mode_period
        for each row execute function dispatch.mode_period_stays()""",
    """create table dispatch.surge_prolongation (
        surge_id uuid not null references dispatch.surge (surge_id) deferrable initially deferred,
        number integer not null,
        expected_before timestamptz not null,
        expected_end timestamptz not null,
        reason text not null,
        prolonged_by text not null,
        prolonged_at timestamptz not null,
        primary key (surge_id, number),
        constraint prolonged_to_a_later_time check (expected_end > expected_before))""",
)
DOWN: tuple[str, ...] = (
    "drop table dispatch.surge_prolongation",
    "drop table dispatch.mode_period",
    "drop table dispatch.surge",
    "drop function dispatch.mode_period_stays()",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
