"""What the rates of a problem were made of, and until when a review keeps watching it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; of the problems that are there nothing is known in them."""
    op.add_column("problems", sa.Column("rate_facts", sa.Text, nullable=False, server_default="{}"))
    op.add_column("problems", sa.Column("watch_until", sa.Text, nullable=False, server_default=""))
