"""Staff accounts, their sessions and failed tries, drafts, and the board's read model."""

from alembic import op

from shared.infra.spine_v1 import spine_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWN: tuple[str, ...] = (
    """create table console.account (
        staff text primary key,
        title text not null,
        role text not null,
        unit text,
        window_code text,
        grid text,
        language text not null,
        password_hash text not null,
        totp_secret text,
        totp_used bigint not null,
        recovery text[] not null,
        oidc_subject text,
        settings jsonb not null,
        made_by text not null,
        made_at timestamptz not null,
        signed_in_at timestamptz,
        disabled_at timestamptz,
        constraint account_language_known check (language in ('zh', 'en')),
        constraint account_is_somebody check (role <> 'system'))""",
    "create unique index account_oidc_subject on console.account (oidc_subject) where oidc_subject is not null",
    """create table console.session (
        token_hash bytea primary key,
        staff text not null references console.account (staff),
        csrf text not null,
        began_at timestamptz not null,
        seen_at timestamptz not null,
        ends_at timestamptz not null)""",
    "create index session_staff on console.session (staff)",
    "create index session_ends_at on console.session (ends_at)",
    """create table console.failed_tries (
        kind text not null,
        key text not null,
        failures integer not null,
        last_at timestamptz not null,
        wait_until timestamptz,
        primary key (kind, key),
        constraint failed_tries_kind_known check (kind in ('account', 'address')))""",
    """create table console.draft (
        staff text not null,
        form text not null,
        sealed text not null,
        saved_at timestamptz not null,
        primary key (staff, form))""",
    "create sequence console.board_version",
    """create table console.board_case (
        case_id uuid primary key,
        case_code text not null,
        intake jsonb not null,
        dispatch jsonb not null,
        clocks jsonb not null,
        grid jsonb not null,
        row jsonb not null,
        shown boolean not null,
        version bigint not null,
        announced bigint not null)""",
    "create index board_case_shown on console.board_case (shown) where shown",
    "create index board_case_unannounced on console.board_case (version) where announced < version",
    "create index board_case_code on console.board_case (case_code)",
)
TABLES: tuple[str, ...] = ("board_case", "draft", "failed_tries", "session", "account")
SPINE_TABLES = ("centre_pack", "dead_letter", "request", "inbox", "chain", "event")
FUNCTIONS = ("event_is_append_only", "event_wakes_relay")


def upgrade() -> None:
    for statement in (*spine_v1("console"), *OWN):
        op.execute(statement)


def downgrade() -> None:
    for table in (*TABLES, *SPINE_TABLES):
        op.execute(f"drop table console.{table}")
    op.execute("drop sequence console.board_version")
    for function in FUNCTIONS:
        op.execute(f"drop function console.{function}()")
