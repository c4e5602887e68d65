"""Run by Alembic: bring the open connection that ``schema`` hands over to the wanted revision."""

from alembic import context

from pipeline.register.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=context.config.attributes["version_table"],
)
with context.begin_transaction():
    context.run_migrations()
