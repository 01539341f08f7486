"""The tables under every service, in the service's own schema: events, chains, inbox, requests, dead letters, packs."""

from typing import Literal, TypedDict

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, JSONB, UUID


class DeferredReference(TypedDict):
    deferrable: bool
    initially: Literal["DEFERRED"]


# Rows that refer to each other may be written in any order of one transaction: references are checked at its end.
DEFERRED: DeferredReference = {"deferrable": True, "initially": "DEFERRED"}
INSTANT = sa.DateTime(timezone=True)


class Spine:
    """Handles to the spine tables of one schema. The tables themselves are made by the service's migrations."""

    def __init__(self, metadata: sa.MetaData, schema: str) -> None:
        self.schema = schema
        self.channel = f"muster_{schema}_event"
        self.event = _event(metadata, schema)
        self.unsent = _unsent(metadata, schema)
        self.chain = _chain(metadata, schema)
        self.inbox = _inbox(metadata, schema)
        self.request = _request(metadata, schema)
        self.dead_letter = _dead_letter(metadata, schema)
        self.pack = _pack(metadata, schema)


def _event(metadata: sa.MetaData, schema: str) -> sa.Table:
    return sa.Table(
        "event",
        metadata,
        sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("event_id", UUID(as_uuid=True), nullable=False, unique=True),
        sa.Column("chain", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("envelope", JSONB, nullable=False),
        sa.Column("hash", BYTEA, nullable=False),
        sa.UniqueConstraint("chain", "sequence"),
        sa.Index("event_subject", "subject"),
        schema=schema,
    )


def _unsent(metadata: sa.MetaData, schema: str) -> sa.Table:
    """Positions of events that wait for the broker: entered by the database at each insert, removed by the relay."""
    return sa.Table(
        "unsent",
        metadata,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        schema=schema,
    )


def _chain(metadata: sa.MetaData, schema: str) -> sa.Table:
    return sa.Table(
        "chain",
        metadata,
        sa.Column("chain", sa.Text, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("hash", BYTEA, nullable=False),
        schema=schema,
    )


def _inbox(metadata: sa.MetaData, schema: str) -> sa.Table:
    return sa.Table(
        "inbox",
        metadata,
        sa.Column("consumer", sa.Text, primary_key=True),
        sa.Column("chain", sa.Text, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        schema=schema,
    )


def _request(metadata: sa.MetaData, schema: str) -> sa.Table:
    return sa.Table(
        "request",
        metadata,
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("fingerprint", BYTEA, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("answer", JSONB),
        schema=schema,
    )


def _dead_letter(metadata: sa.MetaData, schema: str) -> sa.Table:
    return sa.Table(
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
        sa.Column("died_at", INSTANT, nullable=False),
        sa.Column("retried_at", INSTANT),
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


def _pack(metadata: sa.MetaData, schema: str) -> sa.Table:
    return sa.Table(
        "centre_pack",
        metadata,
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("applied_at", INSTANT, nullable=False),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Index("centre_pack_in_force", "in_force", unique=True, postgresql_where=sa.text("in_force")),
        schema=schema,
    )
