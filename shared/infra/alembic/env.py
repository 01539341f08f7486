"""Alembic's environment for every service: the connection and the schema come from `shared.infra.migrations`."""

from alembic import context

configuration = context.config
context.configure(
    connection=configuration.attributes["connection"],
    version_table="schema_version",
    version_table_schema=configuration.attributes["schema"],
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
