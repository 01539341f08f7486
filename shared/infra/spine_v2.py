"""What waits for the broker in a table of its own, as services' later migrations make it: frozen like all of them.

To mark an event as published wrote a second version of its whole row, into each index, past the trigger that guards it.
Now nothing at all changes an event, and that it waits is the database's own doing.
"""

UP = (
    # An older copy may be recording: what it commits between the copy below and the trigger would be told to nobody.
    "lock table {schema}.event in access exclusive mode",
    """create table {schema}.unsent (position bigint primary key)""",
    """insert into {schema}.unsent select position from {schema}.event where published_at is null""",
    """create or replace function {schema}.event_wakes_relay() returns trigger language plpgsql as $$
        begin
            insert into {schema}.unsent select position from told;
            perform pg_notify('muster_{schema}_event', '');
            return null;
        end $$""",
    """create or replace trigger event_wake after insert on {schema}.event referencing new table as told
        for each statement execute function {schema}.event_wakes_relay()""",
    """create or replace function {schema}.event_is_append_only() returns trigger language plpgsql as $$
        begin raise exception 'events are append-only: % refused', lower(tg_op); end $$""",
    "alter table {schema}.event drop column published_at",  # and with it the index over those that wait
)
DOWN = (
    "alter table {schema}.event add column published_at timestamptz",
    "alter table {schema}.event disable trigger event_append_only",
    """update {schema}.event set published_at = clock_timestamp()
        where position not in (select position from {schema}.unsent)""",
    "alter table {schema}.event enable trigger event_append_only",
    "create index event_unpublished on {schema}.event (position) where published_at is null",
    """create or replace function {schema}.event_wakes_relay() returns trigger language plpgsql as $$
        begin perform pg_notify('muster_{schema}_event', ''); return null; end $$""",
    """create or replace trigger event_wake after insert on {schema}.event
        for each statement execute function {schema}.event_wakes_relay()""",
    """create or replace function {schema}.event_is_append_only() returns trigger language plpgsql as $$
        begin
            if tg_op in ('DELETE', 'TRUNCATE') then
                raise exception 'events are append-only: % refused', lower(tg_op);
            end if;
            if (to_jsonb(new) - 'published_at') is distinct from (to_jsonb(old) - 'published_at') then
                raise exception 'events are append-only: only the publish mark may change';
            end if;
            return new;
        end $$""",
    "drop table {schema}.unsent",
)


def spine_v2(schema: str) -> list[str]:
    return [statement.replace("{schema}", schema) for statement in UP]


def undo_spine_v2(schema: str) -> list[str]:
    return [statement.replace("{schema}", schema) for statement in DOWN]
