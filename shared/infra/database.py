"""The connection to PostgreSQL and what its failures mean."""

import asyncpg
from pydantic_core import from_json, to_json
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from shared.errors import Unavailable

RETRY_STATES = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available
DISK_STATES = frozenset({"53100"})
BUSY_STATES = frozenset({"53200", "53300", "53400"})
SILENT_MAX_S = 10.0
"""A transaction of which nothing is heard for so long is ended by the database, with every lock it holds.

Its process stands still, or is gone with its machine, which a connection may not notice for hours.
"""

KEEPALIVE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
"""The database lets go of the connections of a machine that is gone within half a minute, not two hours."""

CONNECTION_ERRORS = (OperationalError, InterfaceError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
AWAY_PREFIXES = ("08", "57P", "58", "25P03")  # the last: ended, as nothing was heard of its transaction


def async_url(database_url: str) -> str:
    return database_url.replace("postgresql://", "postgresql+asyncpg://", 1)


def lease(purpose: str, *, service: str, seconds: float) -> dict[str, str]:
    """Settings of a connection that holds a lead: the database ends it where nothing is heard of it for so long."""
    return {
        **KEEPALIVE,
        "application_name": f"muster-{service}-{purpose}",
        "idle_session_timeout": f"{seconds * 1000:.0f}",
    }


def make_engine(
    database_url: str, *, service: str, pool_max: int = 10, statement_max_s: float | None = 30
) -> AsyncEngine:
    return create_async_engine(
        async_url(database_url),
        pool_size=min(5, pool_max),
        max_overflow=max(0, pool_max - 5),
        pool_timeout=10,
        pool_pre_ping=False,
        json_deserializer=from_json,  # several times as fast as Python's own, and every event is JSON
        json_serializer=_to_text,
        hide_parameters=True,  # an error text must never carry what somebody entrusted to us
        connect_args={
            "timeout": 5,
            "command_timeout": statement_max_s,
            "server_settings": {
                **KEEPALIVE,
                "application_name": f"muster-{service}",
                "idle_in_transaction_session_timeout": f"{SILENT_MAX_S * 1000:.0f}",
            },
        },
    )


def _to_text(value: object) -> str:
    return to_json(value).decode()


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


def _sqlstate(error: BaseException) -> str | None:
    original = getattr(error, "orig", None) or error
    return getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)


def is_retryable(error: BaseException) -> bool:
    """A conflict with another transaction: the same work may succeed at once when done again."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in RETRY_STATES


def as_unavailable(error: BaseException) -> Unavailable | None:
    """What to tell the asker where a failure is the database's and not ours; None where it is a bug."""
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, PoolTimeout):
        return Unavailable("the database is busy; please try again in a moment", retry_after_s=1)
    state = _sqlstate(error)
    if state in DISK_STATES:
        return Unavailable("the database has no room left: free disk space, then try again", retry_after_s=5)
    if state in BUSY_STATES:
        return Unavailable("the database is busy; please try again in a moment", retry_after_s=1)
    if state in RETRY_STATES:
        return Unavailable("another change came in between; please try again", retry_after_s=0.2)
    if state is not None and state.startswith(AWAY_PREFIXES):
        return _away()
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _away()
    if state is None and (isinstance(error, CONNECTION_ERRORS) or _cut_in_the_middle(error)):
        return _away()
    return None


def _cut_in_the_middle(error: BaseException) -> bool:
    """A connection that ends while an answer comes in: SQLAlchemy hands on what the driver stumbled over."""
    return isinstance(error, DBAPIError) and isinstance(
        getattr(error.orig, "__cause__", None), asyncpg.InternalClientError
    )


def describe(error: BaseException) -> str:
    """For logs and reasons. A database error's own text may quote a whole row, so only its kind and place are told."""
    state = _sqlstate(error)
    if state is None and not isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {error}"
    original = getattr(error, "orig", None) or error
    cause = getattr(original, "__cause__", None) or original
    place = getattr(cause, "constraint_name", None) or getattr(cause, "table_name", None) or "no constraint"
    return f"{type(cause).__name__} {state} ({place})"


def _away() -> Unavailable:
    return Unavailable("the database is away; nothing was lost, please try again in a moment", retry_after_s=1)
