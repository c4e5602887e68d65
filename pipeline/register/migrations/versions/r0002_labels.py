"""Labels that people gave: a history of its own, to which rows are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "labels",
        sa.Column("id", sa.Text, primary_key=True),
        *(_text(name) for name in ("text_hash", "text", "labels", "cause", "who", "at", "queue")),
        sa.Column("revision", sa.Integer, nullable=False),
        *(_text(name) for name in ("source", "suggested")),
        sa.Column("is_control", sa.Boolean, nullable=False),
        _text("comment"),
    )
    op.create_index("labels_text_hash", "labels", ["text_hash"])


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False)
