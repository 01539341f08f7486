"""Photos of verifications, places that were not found, and who handled a case."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UP: tuple[str, ...] = (
    """alter table escalation.case_file
        add column handled_units text[] not null default '{}',
        add column handled_by text[] not null default '{}'""",
    # Of cases under way: those whose report was verified or is to be verified.
    """update escalation.case_file f set
        handled_units = (select array_agg(distinct unit) from escalation.verification v where v.case_id = f.case_id),
        handled_by = (select array_agg(distinct reported_by) from escalation.verification v where v.case_id = f.case_id)
        where exists (select from escalation.verification v where v.case_id = f.case_id)""",
    """alter table escalation.verification
        add column attempt integer not null default 1,
        add column hint text,
        add column goes_to text,
        add column found_at timestamptz,
        add column sent_again_at timestamptz,
        add constraint verification_goes_to_known check (goes_to in ('first_receiver', 'unit', 'dispatcher')),
        add constraint verification_found_in_between check (
            found_at is null or found_at between assigned_at and recorded_at)""",
    "alter table escalation.verification alter column attempt drop default",
    """create table escalation.verification_photo (
        photo_id uuid primary key,
        verification_id uuid not null references escalation.verification (verification_id),
        case_id uuid not null,
        number integer not null,
        sealed bytea,
        width integer not null,
        height integer not null,
        kept_at timestamptz not null,
        erased_at timestamptz,
        constraint verification_photo_there_or_erased check ((sealed is null) = (erased_at is not null)))""",
    "create index ix_escalation_verification_photo_case_id on escalation.verification_photo (case_id)",
    "create index ix_escalation_verification_photo_verification_id on escalation.verification_photo (verification_id)",
    """create table escalation.photo_reading (
        reading_id uuid primary key,
        photo_id uuid not null,
        actor text not null,
        reason text not null,
        at timestamptz not null)""",
)
DOWN: tuple[str, ...] = (
    "drop table escalation.photo_reading",
    "drop table escalation.verification_photo",
    """alter table escalation.verification
        drop column attempt, drop column hint, drop column goes_to, drop column found_at, drop column sent_again_at""",
    "alter table escalation.case_file drop column handled_units, drop column handled_by",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
