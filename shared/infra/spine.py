"""The tables under every service, in the service's own schema: events, chains, inbox, requests, dead letters, packs."""

from typing import Literal, TypedDict

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, JSONB, UUID


class DeferredReference(TypedDict):
    deferrable: bool
    initially: Literal["DEFERRED"]


# Rows that refer to each other may be written in any order of one transaction: references are checked at its end.
DEFERRED: DeferredReference = {"deferrable": True, "initially": "DEFERRED"}


class Spine:
    """Handles to the spine tables of one schema. The tables themselves are made by the service's migrations."""

    def __init__(self, metadata: sa.MetaData, schema: str) -> None:
        self.schema = schema
        self.channel = f"muster_{schema}_event"
        instant = sa.DateTime(timezone=True)
        self.event = sa.Table(
            "event",
            metadata,
            sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
            sa.Column("event_id", UUID(as_uuid=True), nullable=False, unique=True),
            sa.Column("chain", sa.Text, nullable=False),
            sa.Column("sequence", sa.Integer, nullable=False),
            sa.Column("type", sa.Text, nullable=False),
            sa.Column("subject", sa.Text, nullable=False),
            sa.Column("at", instant, nullable=False),
            sa.Column("envelope", JSONB, nullable=False),
            sa.Column("hash", BYTEA, nullable=False),
            sa.Column("published_at", instant),
            sa.UniqueConstraint("chain", "sequence"),
            sa.Index("event_subject", "subject"),
            sa.Index("event_unpublished", "position", postgresql_where=sa.text("published_at is null")),
            schema=schema,
        )
        self.chain = sa.Table(
            "chain",
            metadata,
            sa.Column("chain", sa.Text, primary_key=True),
            sa.Column("sequence", sa.Integer, nullable=False),
            sa.Column("hash", BYTEA, nullable=False),
            schema=schema,
        )
        self.inbox = sa.Table(
            "inbox",
            metadata,
            sa.Column("consumer", sa.Text, primary_key=True),
            sa.Column("chain", sa.Text, primary_key=True),
            sa.Column("sequence", sa.Integer, nullable=False),
            schema=schema,
        )
        self.request = sa.Table(
            "request",
            metadata,
            sa.Column("name", sa.Text, primary_key=True),
            sa.Column("key", sa.Text, primary_key=True),
            sa.Column("fingerprint", BYTEA, nullable=False),
            sa.Column("at", instant, nullable=False),
            sa.Column("answer", JSONB),
            schema=schema,
        )
        self.dead_letter = sa.Table(
            "dead_letter",
            metadata,
            sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
            sa.Column("consumer", sa.Text, nullable=False),
            sa.Column("chain", sa.Text, nullable=False),
            sa.Column("sequence", sa.Integer, nullable=False),
            sa.Column("event_id", UUID(as_uuid=True)),
            sa.Column("type", sa.Text, nullable=False),
            sa.Column("subject", sa.Text, nullable=False),
            sa.Column("reason", sa.Text, nullable=False),
            sa.Column("deliveries", sa.Integer, nullable=False),
            sa.Column("body", sa.Text, nullable=False),
            sa.Column("died_at", instant, nullable=False),
            sa.Column("retried_at", instant),
            sa.Index(
                "dead_letter_open",
                "consumer",
                "chain",
                "sequence",
                unique=True,
                postgresql_where=sa.text("retried_at is null and event_id is not null"),
            ),
            schema=schema,
        )
        self.pack = sa.Table(
            "centre_pack",
            metadata,
            sa.Column("version", sa.Text, primary_key=True),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("applied_at", instant, nullable=False),
            sa.Column("in_force", sa.Boolean, nullable=False),
            sa.Column("content", JSONB, nullable=False),
            sa.Index("centre_pack_in_force", "in_force", unique=True, postgresql_where=sa.text("in_force")),
            schema=schema,
        )


def spine_v1(schema: str) -> list[str]:
    """The DDL of the spine's first version: frozen, as every migration is."""
    return [
        f"create schema if not exists {schema}",
        f"""create table {schema}.event (
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
        f"create index event_subject on {schema}.event (subject)",
        f"create index event_unpublished on {schema}.event (position) where published_at is null",
        f"create table {schema}.chain (chain text primary key, sequence integer not null, hash bytea not null)",
        f"""create table {schema}.inbox (
            consumer text, chain text, sequence integer not null, primary key (consumer, chain))""",
        f"""create table {schema}.request (
            name text, key text, fingerprint bytea not null, at timestamptz not null, answer jsonb,
            primary key (name, key))""",
        f"""create table {schema}.dead_letter (
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
        f"""create unique index dead_letter_open on {schema}.dead_letter (consumer, chain, sequence)
            where retried_at is null and event_id is not null""",
        f"""create table {schema}.centre_pack (
            version text primary key,
            name text not null,
            applied_at timestamptz not null,
            in_force boolean not null,
            content jsonb not null)""",
        f"create unique index centre_pack_in_force on {schema}.centre_pack (in_force) where in_force",
        # Events are facts: only the publish mark may ever change, and nothing is deleted.
        f"""create function {schema}.event_is_append_only() returns trigger language plpgsql as $$
            begin
                if tg_op in ('DELETE', 'TRUNCATE') then
                    raise exception 'events are append-only: % refused', lower(tg_op);
                end if;
                if (to_jsonb(new) - 'published_at') is distinct from (to_jsonb(old) - 'published_at') then
                    raise exception 'events are append-only: only the publish mark may change';
                end if;
                return new;
            end $$""",
        f"""create trigger event_append_only before update or delete on {schema}.event
            for each row execute function {schema}.event_is_append_only()""",
        f"""create trigger event_no_truncate before truncate on {schema}.event
            for each statement execute function {schema}.event_is_append_only()""",
        f"""create function {schema}.event_wakes_relay() returns trigger language plpgsql as $$
            begin perform pg_notify('muster_{schema}_event', ''); return null; end $$""",
        f"""create trigger event_wake after insert on {schema}.event
            for each statement execute function {schema}.event_wakes_relay()""",
    ]
