"""How sure the model was of a complaint's category, and whether a person should look at it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; of the complaints that are there nothing is known until their dump is loaded again."""
    op.add_column("complaints", sa.Column("confidence", sa.Float, nullable=True))
    op.add_column("complaints", sa.Column("needs_review", sa.Boolean, nullable=True))
