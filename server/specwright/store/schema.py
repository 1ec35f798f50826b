"""The tables. Only transitions live here; events, transcripts and logs are files."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData()

TASK = Table(
    "task",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("created", Float, nullable=False),
    Column("checkout", Text, nullable=False),
    Column("common_dir", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("handle", String(16)),
    Column("digest", String(64), nullable=False),
    Column("base", String(64), nullable=False),
    Column("agent", Text, nullable=False),
    Column("wish", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reasons", Text, nullable=False, default=""),
    Column("outcome", String(16)),
    Column("question", Text),
    Column("detail", Text),
    Column("remarks", Text, nullable=False, default="[]"),
    Column("head", String(64)),
    Column("rank", Integer, nullable=False, default=0),
    Column("fresh", Boolean, nullable=False, default=True),
    Column("cancel_requested", Boolean, nullable=False, default=False),
    Column("action", String(32), nullable=False, server_default=""),
    Column("held_for", String(16)),
    Column("held_why", Text),
    Column("held_until", Float),
    Column("decided", Float),
    Column("spec_title", Text),
    Column("spec_goal", Text),
)
"""`path`, `line`, `handle`, `spec_title` and `spec_goal` are those of the spec as an editor saw it last."""
Index("task_newest", TASK.c.checkout, TASK.c.created)
IS_OPEN = text("state IN ('waiting', 'running', 'review')")
"""Queries must use just these words: then SQLite uses the index of open tasks, however many are over."""
Index("task_open", TASK.c.state, sqlite_where=IS_OPEN)
Index("task_handle", TASK.c.checkout, TASK.c.handle)
Index("task_revision", TASK.c.checkout, TASK.c.digest)

RUN = Table(
    "run",
    METADATA,
    Column("task", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("agent", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("starts", Integer, nullable=False, default=0),
    Column("started", Float),
    Column("ended", Float),
    Column("outcome", String(16)),
    Column("reason", Text),
    Column("input", Integer, nullable=False, default=0),
    Column("cache_read", Integer, nullable=False, default=0),
    Column("cache_write", Integer, nullable=False, default=0),
    Column("output", Integer, nullable=False, default=0),
    Column("cost_usd", Float),
    Column("head", String(64)),
    Column("claim", Text),
    Column("sandbox", String(16)),
    Column("last_start", Float),
    Column("rounds", Integer),
    Column("seconds", Float, nullable=False, server_default="0"),
)

PHASE = Table(
    "phase",
    METADATA,
    Column("task", String(16), nullable=False),
    Column("run", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("name", String(16), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("task", "run", "round", "name"),
)

TURN = Table(
    "turn",
    METADATA,
    Column("task", String(16), nullable=False),
    Column("run", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("tree", String(64), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("task", "run", "round", "number"),
)

GATE_RUN = Table(
    "gate_run",
    METADATA,
    Column("task", String(16), nullable=False),
    Column("run", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("result", String(16), nullable=False),
    Column("reason", Text),
    Column("duration_s", Float, nullable=False),
    Column("exit_code", Integer),
    Column("log", Text),
    Column("tree", String(64), nullable=False),
    Column("required", Boolean, nullable=False),
    Column("criterion", Integer),
    UniqueConstraint("task", "run", "round", "position"),
)

FINDING = Table(
    "finding",
    METADATA,
    Column("task", String(16), nullable=False),
    Column("run", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("gate", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("level", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("path", Text),
    Column("line", Integer),
    Column("column", Integer),
    Column("end_line", Integer),
    Column("end_column", Integer),
    Column("state", String(16), nullable=False),
    Column("fingerprint", Text, nullable=False),
)
Index("finding_of_gate", FINDING.c.task, FINDING.c.run, FINDING.c.round, FINDING.c.position)

VERDICT = Table(
    "verdict",
    METADATA,
    Column("task", String(16), nullable=False),
    Column("run", Integer, nullable=False),
    Column("hunk", String(32), nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("final", Boolean, nullable=False),
    Column("viewer", Text, nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("task", "run", "hunk"),
)

CONSENT = Table(
    "consent",
    METADATA,
    Column("root", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("root", "digest"),
)

PAUSE = Table(
    "pause",
    METADATA,
    Column("cause", String(16), primary_key=True),
    Column("at", Float, nullable=False),
)
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("task", String(16), nullable=False),
    Column("run", Integer, nullable=False),
    Column("need", String(16), nullable=False),
    Column("at", Float, nullable=False),
    Column("shown", Float),
    Column("posted", Float),
    Column("tries", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    UniqueConstraint("task", "run", "need"),
)
IS_UNTOLD = text("(shown IS NULL OR posted IS NULL)")
"""In just these words, as `IS_OPEN`."""
Index("outbox_untold", OUTBOX.c.at, sqlite_where=IS_UNTOLD)
