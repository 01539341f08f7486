"""Photos of reports, and units that cannot finish yet."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """create table dispatch.report_photo (
        photo_id uuid primary key,
        work_order_id uuid not null references dispatch.work_order (work_order_id) deferrable initially deferred,
        round integer not null,
        case_id uuid not null,
        number integer not null,
        sealed bytea,
        width integer not null,
        height integer not null,
        kept_at timestamptz not null,
        erased_at timestamptz,
        constraint report_photo_there_or_erased check ((sealed is null) = (erased_at is not null)))""",
    "create index ix_dispatch_report_photo_case_id on dispatch.report_photo (case_id)",
    "create index ix_dispatch_report_photo_work_order_id on dispatch.report_photo (work_order_id)",
    """create table dispatch.photo_reading (
        reading_id uuid primary key,
        photo_id uuid not null,
        actor text not null,
        reason text not null,
        at timestamptz not null)""",
    """create table dispatch.work_order_delay (
        work_order_id uuid not null references dispatch.work_order (work_order_id) deferrable initially deferred,
        number integer not null,
        round integer not null,
        proposed_for timestamptz not null,
        reason text not null,
        told_by text not null,
        delayed_at timestamptz not null,
        primary key (work_order_id, number),
        constraint delay_lies_ahead check (proposed_for > delayed_at))""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for table in ("work_order_delay", "photo_reading", "report_photo"):
        op.execute(f"drop table dispatch.{table}")
