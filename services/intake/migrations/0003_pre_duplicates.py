"""Cases joined to a leading one; the keyed hash of an open case's contact, and who asked by contact."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UP = (
    """alter table intake."case"
        add column taken_on boolean not null default false,
        add column joined_to uuid,
        add column joined_at timestamptz,
        add column splits integer not null default 0,
        add column leads boolean generated always as (joined_to is null) stored,
        add column joined_to_leader boolean
            generated always as (case when joined_to is not null then true end) stored,
        add constraint case_leads unique (case_id, leads),
        add constraint case_joined_at_a_time check ((joined_to is null) = (joined_at is null))""",
    # The pair names a case that is joined to none: no chain, no circle, and nobody follows itself.
    """alter table intake."case" add constraint joined_case_follows_a_leader
        foreign key (joined_to, joined_to_leader) references intake."case" (case_id, leads)
        deferrable initially deferred""",
    'create index case_joined on intake."case" (joined_to) where joined_to is not null',
    """create index case_matter on intake."case" (category, place, coalesce(closed_at, 'infinity'))
        where joined_to is null and state <> 'not_accepted'""",
    # Whoever follows a case that ends is asked himself, or goes a way of his own: nobody waits for what is over.
    """create function intake.nobody_waits_for_a_closed_case() returns trigger language plpgsql as $$
        begin
            if new.closed_at is not null and exists (select from intake."case"
                    where joined_to = new.case_id and state in ('registered', 'handling')) then
                raise exception 'cases that are joined to % still wait for it', new.case_code;
            end if;
            return null;
        end $$""",
    """create constraint trigger nobody_waits_for_a_closed_case after update of closed_at on intake."case"
        deferrable initially deferred for each row execute function intake.nobody_waits_for_a_closed_case()""",
    """create table intake.open_contact (
        case_id uuid primary key references intake."case" (case_id) deferrable initially deferred,
        hash text not null)""",
    "create index open_contact_hash on intake.open_contact (hash)",
    # However a case ends, what was kept of its contact ends with it; and none is kept of one that has ended.
    """create function intake.contact_ends_with_the_case() returns trigger language plpgsql as $$
        begin
            delete from intake.open_contact where case_id = new.case_id;
            return null;
        end $$""",
    """create trigger contact_ends_with_the_case after update of closed_at on intake."case"
        for each row when (new.closed_at is not null) execute function intake.contact_ends_with_the_case()""",
    """create function intake.contact_is_of_an_open_case() returns trigger language plpgsql as $$
        begin
            if exists (select from intake.open_contact where case_id = new.case_id) and not exists
                    (select from intake."case" where case_id = new.case_id and closed_at is null) then
                raise exception 'nothing is kept of the contact of a case that is not open';
            end if;
            return null;
        end $$""",
    """create constraint trigger contact_is_of_an_open_case after insert or update on intake.open_contact
        deferrable initially deferred for each row execute function intake.contact_is_of_an_open_case()""",
    """create table intake.contact_question (
        question_id uuid primary key,
        asked_by text not null,
        "window" text not null,
        category text not null,
        place text not null,
        hit boolean not null,
        asked_at timestamptz not null)""",
    "create index contact_question_asked on intake.contact_question (asked_by, asked_at)",
)
DOWN = (
    "drop table intake.contact_question",
    "drop table intake.open_contact",
    'drop trigger contact_ends_with_the_case on intake."case"',
    'drop trigger nobody_waits_for_a_closed_case on intake."case"',
    "drop function intake.contact_is_of_an_open_case()",
    "drop function intake.contact_ends_with_the_case()",
    "drop function intake.nobody_waits_for_a_closed_case()",
    "drop index intake.case_matter",
    """alter table intake."case"
        drop constraint joined_case_follows_a_leader,
        drop constraint case_leads,
        drop column joined_to_leader,
        drop column leads,
        drop column splits,
        drop column joined_at,
        drop column joined_to,
        drop column taken_on""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
