"""What a project's files may run: each consent is bound to the digest of what was shown."""

import time

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from specwright.store.database import Writing
from specwright.store.schema import CONSENT


def has_consent(connection: Connection, root: str, digest: str) -> bool:
    """Whether the user agreed to exactly this content."""
    query = select(CONSENT.c.digest).where(CONSENT.c.root == root, CONSENT.c.digest == digest)
    return connection.execute(query).first() is not None


def agree(writing: Writing, root: str, digest: str) -> None:
    """The user agrees to this content."""
    writing.connection.execute(
        insert(CONSENT).values(root=root, digest=digest, at=time.time()).on_conflict_do_nothing()
    )
    writing.free()
