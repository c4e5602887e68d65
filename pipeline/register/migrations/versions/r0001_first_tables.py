"""The first tables: runs, complaints, problems, memberships, events, decisions, proposals."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    _facts()
    _problems()
    _history()


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _integer(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _number() -> sa.Column:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


def _run(nullable: bool = True) -> sa.Column:
    return sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=nullable)


def _facts() -> None:
    op.create_table("meta", sa.Column("name", sa.Text, primary_key=True), *_text("value"))
    op.create_table(
        "runs",
        _number(),
        *_text("at", "who", "genyin", "facts"),
        *_integer("rows", "new", "known", "changed", "repeated"),
    )
    op.create_table(
        "complaints",
        _number(),
        *_text("identity", "customer", "content", "title", "text", "accepted", "category", "cause", "roles"),
        _run(nullable=False),
    )
    op.create_index("complaints_identity", "complaints", ["identity"], unique=True)
    op.create_index("complaints_content", "complaints", ["content"])


def _problems() -> None:
    op.create_table(
        "problems",
        sa.Column("id", sa.Text, primary_key=True),
        *_integer("version"),
        *_text("created", "merged_into", "kind", "parent", "category", "cause", "place", "name", "profile", "marks"),
        *_integer("complaints", "customers", "texts"),
        sa.Column("weight", sa.Float, nullable=False),
        *_text("first", "last", "state", "since", "statement", "priority", "owner"),
        *_text("front_department", "back_department", "root_cause", "cause_class", "whys", "workaround"),
        *_text("measure", "due", "lead_department", "supporting_department"),
        *_text("charged_unit", "charged_department", "charged_person", "scope", "not_done_reason", "notes"),
        *_text("batch", "known_error_article", "related", "evidence"),
        sa.Column("trigger_count", sa.Integer),
        sa.Column("trigger_rate", sa.Float),
        sa.Column("accept_count", sa.Integer),
        sa.Column("accept_rate", sa.Float),
        *_text("check_by"),
        sa.Column("check_target", sa.Float),
        *_text("fix_date", "fix_regions", "verification", "close_reason", "look_back"),
    )
    op.create_index("problems_parent", "problems", ["parent"])
    op.create_table(
        "memberships",
        sa.Column("problem", sa.Text, sa.ForeignKey("problems.id"), primary_key=True),
        sa.Column("complaint", sa.Integer, sa.ForeignKey("complaints.id"), primary_key=True, autoincrement=False),
        _run(),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_index("memberships_complaint", "memberships", ["complaint"])


def _history() -> None:
    op.create_table(
        "events",
        _number(),
        *_text("at", "who", "what", "problem", "note"),
        _run(),
        *_text("before", "after"),
        sa.Column("undoes", sa.Integer),
        sa.Column("undone_by", sa.Integer),
    )
    op.create_table(
        "touches",
        sa.Column("problem", sa.Text, primary_key=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("events.id"), primary_key=True, autoincrement=False),
    )
    op.create_table(
        "decisions",
        _number(),
        *_text("kind", "payload"),
        sa.Column("active", sa.Boolean, nullable=False),
        *_integer("event"),
    )
    op.create_table(
        "proposals",
        _number(),
        *_text("kind", "problem", "other"),
        sa.Column("score", sa.Float, nullable=False),
        *_text("evidence", "payload", "state"),
    )
