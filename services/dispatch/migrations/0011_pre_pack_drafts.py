"""Drafts of the centre pack: approved by another than who made them, never changed after they were made."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """create table dispatch.pack_draft (
        draft_id uuid primary key,
        name text not null,
        version text not null,
        based_on text not null,
        note text not null,
        content jsonb not null,
        state text not null,
        effective_at timestamptz,
        drafted_by text not null,
        drafted_at timestamptz not null,
        approved_by text,
        approved_at timestamptz,
        ended_by text,
        ended_at timestamptz,
        constraint pack_draft_state check (state in ('drafted', 'approved', 'in_force', 'withdrawn', 'overtaken')),
        constraint drafter_does_not_approve check (approved_by is null or approved_by <> drafted_by),
        constraint pack_draft_approved_on_record check ((approved_by is null) = (approved_at is null)),
        constraint pack_draft_takes_effect_approved check (state in ('drafted', 'withdrawn')
            or (approved_by is not null and effective_at is not null)),
        constraint pack_draft_ended check (
            (state in ('in_force', 'withdrawn', 'overtaken')) = (ended_at is not null)),
        constraint pack_draft_withdrawn_by check ((state = 'withdrawn') = (ended_by is not null)))""",
    "create unique index one_approved_pack_draft on dispatch.pack_draft (state) where state = 'approved'",
    """create unique index one_open_pack_draft_of_version on dispatch.pack_draft (version)
        where state in ('drafted', 'approved')""",
    "create index pack_draft_drafted on dispatch.pack_draft (drafted_at)",
    """create function dispatch.pack_draft_stays() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                raise exception 'pack draft %: what was drafted stays on record', old.draft_id;
            end if;
            if (new.draft_id, new.name, new.version, new.based_on, new.note, new.content, new.drafted_by,
                    new.drafted_at) is distinct from (old.draft_id, old.name, old.version, old.based_on, old.note,
                    old.content, old.drafted_by, old.drafted_at) then
                raise exception 'pack draft %: what was drafted is what is approved', old.draft_id;
            end if;
            return new;
        end $$""",
    """create trigger pack_draft_stays before update or delete on dispatch.pack_draft
        for each row execute function dispatch.pack_draft_stays()""",
)
DOWN: tuple[str, ...] = ("drop table dispatch.pack_draft", "drop function dispatch.pack_draft_stays()")


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
