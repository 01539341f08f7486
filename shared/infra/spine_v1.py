"""The spine's tables as a service's first migration makes them: frozen, as every migration is."""

STATEMENTS = (
    "create schema if not exists {schema}",
    """create table {schema}.event (
        position bigint generated always as identity primary key,
        event_id uuid not null unique,
        chain text not null,
        sequence integer not null,
        type text not null,
        subject text not null,
        at timestamptz not null,
        envelope jsonb not null,
        hash bytea not null,
        published_at timestamptz,
        unique (chain, sequence))""",
    "create index event_subject on {schema}.event (subject)",
    "create index event_unpublished on {schema}.event (position) where published_at is null",
    "create table {schema}.chain (chain text primary key, sequence integer not null, hash bytea not null)",
    """create table {schema}.inbox (
        consumer text, chain text, sequence integer not null, primary key (consumer, chain))""",
    """create table {schema}.request (
        name text, key text, fingerprint bytea not null, at timestamptz not null, answer jsonb,
        primary key (name, key))""",
    """create table {schema}.dead_letter (
        id bigint generated always as identity primary key,
        consumer text not null,
        chain text not null,
        sequence integer not null,
        event_id uuid,
        type text not null,
        subject text not null,
        reason text not null,
        deliveries integer not null,
        body text not null,
        died_at timestamptz not null,
        retried_at timestamptz)""",
    """create unique index dead_letter_open on {schema}.dead_letter (consumer, chain, sequence)
        where retried_at is null and event_id is not null""",
    """create table {schema}.centre_pack (
        version text primary key,
        name text not null,
        applied_at timestamptz not null,
        in_force boolean not null,
        content jsonb not null)""",
    "create unique index centre_pack_in_force on {schema}.centre_pack (in_force) where in_force",
    # Events are facts: only the publish mark may ever change, and nothing is deleted.
    """create function {schema}.event_is_append_only() returns trigger language plpgsql as $$
        begin
            if tg_op in ('DELETE', 'TRUNCATE') then
                raise exception 'events are append-only: % refused', lower(tg_op);
            end if;
            if (to_jsonb(new) - 'published_at') is distinct from (to_jsonb(old) - 'published_at') then
                raise exception 'events are append-only: only the publish mark may change';
            end if;
            return new;
        end $$""",
    """create trigger event_append_only before update or delete on {schema}.event
        for each row execute function {schema}.event_is_append_only()""",
    """create trigger event_no_truncate before truncate on {schema}.event
        for each statement execute function {schema}.event_is_append_only()""",
    """create function {schema}.event_wakes_relay() returns trigger language plpgsql as $$
        begin perform pg_notify('muster_{schema}_event', ''); return null; end $$""",
    """create trigger event_wake after insert on {schema}.event
        for each statement execute function {schema}.event_wakes_relay()""",
)


def spine_v1(schema: str) -> list[str]:
    return [statement.replace("{schema}", schema) for statement in STATEMENTS]
