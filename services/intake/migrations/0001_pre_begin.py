"""Cases, the requester vault, reveals and notes."""

from alembic import op

from shared.infra.spine_v1 import spine_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWN = (
    "create sequence intake.case_number",
    """create table intake."case" (
        case_id uuid primary key,
        case_code text not null unique,
        source text not null,
        category text,
        place text,
        level text not null check (level in ('I', 'II', 'III', 'IV')),
        handling_mode text,
        state text not null,
        owner text not null,
        "window" text,
        unit text,
        round integer not null,
        attempts integer not null,
        outcome text,
        pack_version text not null,
        external_reference text,
        received_at timestamptz not null,
        registered_at timestamptz not null,
        accepted_at timestamptz,
        closed_at timestamptz,
        unique (source, external_reference),
        constraint case_has_an_owner check (owner <> ''))""",
    'create index case_open on intake."case" (registered_at) where closed_at is null',
    # 首接责任制: the first receiver stays answerable until the loop is closed; no code path may change that.
    """create function intake.first_receiver_stays() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                raise exception 'a registered case is never deleted';
            end if;
            if new.owner is distinct from old.owner then
                raise exception 'the first receiver of case % stays answerable', old.case_code;
            end if;
            return new;
        end $$""",
    """create trigger first_receiver_stays before update of owner or delete on intake."case"
        for each row execute function intake.first_receiver_stays()""",
    """create table intake.requester_vault (
        case_id uuid primary key references intake."case" (case_id) deferrable initially deferred,
        matter text,
        name text,
        phone text,
        id_number text,
        address text,
        expires_at timestamptz,
        erased_at timestamptz)""",
    """create index requester_vault_expiring on intake.requester_vault (expires_at)
        where expires_at is not null""",
    """create table intake.reveal (
        reveal_id uuid primary key,
        case_id uuid not null references intake."case" (case_id) deferrable initially deferred,
        actor text not null,
        reason text not null,
        fields text[] not null,
        at timestamptz not null)""",
    """create table intake.note (
        note_id uuid primary key,
        case_id uuid not null references intake."case" (case_id) deferrable initially deferred,
        about text not null,
        text text,
        at timestamptz not null)""",
    "create index ix_intake_note_case_id on intake.note (case_id)",
)


def upgrade() -> None:
    for statement in (*spine_v1("intake"), *OWN):
        op.execute(statement)


def downgrade() -> None:
    tables = ("note", "reveal", "requester_vault", '"case"')
    spine = ("centre_pack", "dead_letter", "request", "inbox", "chain", "event")
    for table in (*tables, *spine):
        op.execute(f"drop table intake.{table}")
    op.execute("drop sequence intake.case_number")
    for function in ("first_receiver_stays", "event_is_append_only", "event_wakes_relay"):
        op.execute(f"drop function intake.{function}()")
